"""API tokens: one's own, made and revoked; administrators see everybody's."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kith.identity import permits, tokens
from kith.identity.models import Token
from kith.kernel.actor import Actor
from kith.kernel.errors import Invalid
from kith.kernel.sentences import counted, listed
from kith.objects.access import may
from kith.objects.access.models import VERBS
from kith.objects.declare import ObjectType, object_types

from ..policy import Policy
from ..render import onward
from ..settings import Further, SettingsPage, settings_page

HERE = "/settings/tokens/"
EVERYTHING, READ, SOME = "everything", "read", "some"
REACHES = {
    READ: lazy("Only read what I may see"),
    SOME: lazy("What I choose here"),
    EVERYTHING: lazy("Everything that I may"),
}
DAYS = (7, 30, 90, 180, 365)


def index(request: Any, actor: Actor) -> HttpResponse:
    """The tokens."""
    mine = [shown(row) for row in tokens.of(request.user)]
    others = []
    if request.user.is_admin:
        others = [
            shown(row) for row in tokens.everybodys() if row.owner is not None and row.owner.pk != request.user.pk
        ]
    let_in = [{"permit": one, "reach": words_of(one.scopes)} for one in permits.of(request.user)]
    context = {"mine": mine, "others": others, "let_in": let_in}
    return settings_page(request, "tokens", "ui/settings/tokens.html", context)


def shown(token: Token) -> dict[str, Any]:
    """A token as a line of a list."""
    return {
        "token": token,
        "beginning": f"kith_{token.prefix}_…",
        "alive": tokens.is_alive(token),
        "reach": words_of(token.scopes),
        "networks": listed(token.networks),
    }


def words_of(scopes: list[list[str]]) -> str:
    """What scopes let a program do, in a few words."""
    if scopes == tokens.EVERYTHING:
        return _("Everything that its owner may")
    if scopes == tokens.READ_ONLY:
        return _("Only reads")
    objects = {"*": _("Whatever there is"), **{o.key: str(o.plural) for o in object_types()}}
    return listed(sorted({objects.get(key, key) for key, _verb in scopes}))


def new(request: Any, actor: Actor) -> HttpResponse:
    """Make a token, and show it this once."""
    if request.method == "GET":
        return _form(request, actor, {"reach": READ, "days": tokens.USUAL_DAYS, "some": set()})
    given = _given(request)
    try:
        token, text = tokens.make(
            actor, tokens.Wanted(given["name"], scopes_of(given, actor), given["days"], given["networks"].splitlines())
        )
    except Invalid as invalid:
        return _form(request, actor, given, invalid.errors, 422)
    return told(request, "tokens", token, text, HERE)


def told(request: Any, page: str, token: Token, text: str, back: str) -> HttpResponse:
    """The page that shows a new token."""
    return settings_page(request, page, "ui/settings/token_told.html", {"token": token, "text": text, "back": back})


def revoke(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """End a token at once."""
    tokens.revoke(actor, pk)
    return onward(request, HERE, _("The token opens nothing any more."))


def shut_out(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """Let an app work in one's name no longer."""
    permits.end(actor, pk)
    return onward(request, HERE, _("The app opens nothing any more."))


def days_of(request: Any) -> int:
    """For how long, as the form says; 0, which is refused, for anything else."""
    said = request.POST.get("days", "")
    return int(said) if said.isdecimal() and len(said) < 5 else 0


def choices() -> list[tuple[int, str]]:
    """For how long a token may live, in words."""
    return [(n, ngettext("%(n)s day", "%(n)s days", n) % {"n": counted(n)}) for n in DAYS]


def _given(request: Any) -> dict[str, Any]:
    post = request.POST
    return {
        "name": post.get("name", "")[:80],
        "reach": post.get("reach", "") if post.get("reach") in REACHES else SOME,
        "days": days_of(request),
        "networks": post.get("networks", "")[:2000],
        "some": {pair[:120] for pair in post.getlist("scope")},
    }


def _objects(actor: Actor) -> list[ObjectType]:
    return [o for o in object_types() if may(actor, "view", o)]


def scopes_of(given: dict[str, Any], actor: Actor) -> list[tuple[str, str]]:
    """The scopes that a form asks for."""
    if given["reach"] == EVERYTHING:
        return [("*", "*")]
    if given["reach"] == READ:
        return [("*", "view")]
    return [(o.key, verb) for o in _objects(actor) for verb in VERBS if f"{o.key}:{verb}" in given["some"]]


def rows_of(actor: Actor, some: set[str]) -> list[tuple[Any, list[tuple[str, Any, bool]]]]:
    """The table of objects and verbs: what each box is called, what it says, and whether it is ticked."""
    return [
        (o.plural, [(f"{o.key}:{verb}", label, f"{o.key}:{verb}" in some) for verb, label in VERBS.items()])
        for o in _objects(actor)
    ]


def _form(
    request: Any, actor: Actor, given: dict[str, Any], errors: dict[str, list[str]] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "given": given,
        "errors": errors or {},
        "whole": (errors or {}).get("", []),
        "reaches": REACHES.items(),
        "rows": rows_of(actor, given["some"]),
        "verbs": VERBS.values(),
        "lengths": choices(),
    }
    return settings_page(request, "tokens", "ui/settings/token.html", context, status=status)


PAGE = SettingsPage(
    "tokens",
    "you",
    lazy("API tokens"),
    "key-round",
    lazy("Keys for programs that work in your name"),
    index,
    methods=("GET",),
    words=lazy("API token key script integration program access"),
    order=30,
    further=(
        Further("new/", new, "token-new", Policy(methods=("GET", "POST"), audit="account.token_made", step_up=True)),
        Further(
            "<int:pk>/revoke/",
            revoke,
            "token-revoke",
            Policy(methods=("POST",), audit="account.token_revoked", step_up=True),
        ),
        # Shutting out asks for no proof: whoever is in a hurry is right to be.
        Further("apps/<int:pk>/end/", shut_out, "permit-end", Policy(methods=("POST",), audit="account.app_shut_out")),
    ),
)
