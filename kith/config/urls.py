"""The addresses of the house. Rooms bring no addresses of their own: the generic screens answer for every object."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("kith.api.urls")),
    path("", include("kith.ui.urls")),
]
handler400 = "kith.ui.screens.faults.bad_request"
handler403 = "kith.ui.screens.faults.denied"
handler404 = "kith.ui.screens.faults.missing"
handler500 = "kith.ui.screens.faults.broken"
