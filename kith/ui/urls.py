"""Every address of the screens, each with its policy. One shape for all objects: /<slug>/, /<slug>/7/, /<slug>/7/<field>/edit/."""

from django.urls import URLPattern, URLResolver

from .policy import ANYONE, Policy, route
from .screens import account, bulk, cell, command, filters, listing, trash, undoing

GET_POST = ("GET", "POST")

urlpatterns: list[URLPattern | URLResolver] = [
    # The house itself.
    route("", listing.home, "home", Policy()),
    route("sign-in/", account.sign_in, "sign-in", Policy(ANYONE, GET_POST, audit="sessions")),
    route("sign-out/", account.sign_out, "sign-out", Policy(ANYONE, ("POST",), audit="sessions")),
    route("preferences/", account.preferences, "preferences", Policy(ANYONE, ("POST",))),
    route("command/", command.results, "command", Policy()),
    route("undo/", undoing.undo_cause, "undo", Policy(methods=("POST",), writes=True, audit="undone events")),
    # One object.
    route("<slug:slug>/", listing.show, "list", Policy(verb="view")),
    route("<slug:slug>/filter/", filters.editor, "filter", Policy(verb="view")),
    route("<slug:slug>/lookup/", filters.lookup, "lookup", Policy(verb="view")),
    route("<slug:slug>/bulk/", bulk.bulk, "bulk", Policy(methods=GET_POST, verb="view", writes=True, audit="events of each record")),
    route("<slug:slug>/trash/", trash.show, "trash", Policy(methods=GET_POST, verb="view", writes=True, audit="restored events")),
    # One record.
    route("<slug:slug>/<int:pk>/<str:name>/edit/", cell.edit, "cell", Policy(methods=GET_POST, verb="view", writes=True, audit="changed events")),
]
