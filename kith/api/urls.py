"""The addresses for programs, each with its policy."""

from kith.kernel.policy import ANYONE, TOKEN, Policy

from .doors import door, letterbox
from .incoming import take
from .oauth import urlpatterns as oauth
from .rest.urls import urlpatterns as rest
from .scim.endpoint import scim

SCIM = Policy(
    TOKEN,
    ("GET", "POST", "PUT", "PATCH", "DELETE"),
    writes=True,
    audit="account.created, account.deactivated, account.changed_by_directory, directory.group_changed",
    elsewhere=True,
    tracker="token",
)

INCOMING = Policy(ANYONE, ("POST",), writes=True, audit="created, changed", elsewhere=True)

urlpatterns = [
    *oauth,
    *rest,
    letterbox("in/<slug:key>", take, "webhook-in", INCOMING),
    letterbox("in/<slug:key>/<slug:secret>", take, "webhook-in-secret", INCOMING),
    door("scim/v2", scim, "scim-root", SCIM),
    door("scim/v2/<anything:where>", scim, "scim", SCIM),
]
