"""The addresses for programs, each with its policy."""

from kith.kernel.policy import TOKEN, Policy

from .doors import door
from .scim.endpoint import scim

SCIM = Policy(
    TOKEN,
    ("GET", "POST", "PUT", "PATCH", "DELETE"),
    writes=True,
    audit="account.created, account.deactivated, account.changed_by_directory, directory.group_changed",
    elsewhere=True,
    tracker="token",
)

urlpatterns = [
    door("scim/v2", scim, "scim-root", SCIM),
    door("scim/v2/<path:where>", scim, "scim", SCIM),
]
