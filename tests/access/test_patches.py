"""The matrix sees: taking the gate from any one surface makes it find something. Each patch is a fault that somebody could write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q

from kith.api.scim import endpoint
from kith.hooks import arriving, owning, payload
from kith.hooks.models import Arrival, Sending
from kith.identity import oauth, permits, tokens
from kith.identity.models import Renewal, Token, User
from kith.kernel import clock
from kith.kernel.actor import System
from kith.objects import changes, history, query, shapes
from kith.objects.access import Rights, gate
from kith.objects.access.conditions import everything_of
from kith.objects.access.models import Share
from kith.objects.columns import carriers
from kith.objects.custom import definitions
from kith.objects.declare import object_type
from kith.objects.exchange import doors, exporting
from kith.objects.write import batch
from kith.ui import belonging, panels
from kith.ui.screens import (
    command,
    filters,
    hooks_in,
    hooks_out,
    listing,
    lookup,
    record,
    runs,
    search,
    trash,
)

from .matrix.cases import Case, cases, routes
from .matrix.judge import Judge
from .matrix.world import World, build

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_engine("a patch takes a gate of ours away, before any database is asked"),
]

ROUTES = {route.name: route for route in routes()}
EVERYTHING = System("a patch")
#: So many cases of its slice a patch may take to be found.
MOST = 1500


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        # Time stands still, so that two answers never differ by "3 seconds ago".
        with clock.frozen(clock.now()):
            yield build()
        transaction.set_rollback(True)
    definitions.forget()


@pytest.fixture(autouse=True)
def known(world: World) -> None:
    definitions.forget()
    definitions.refresh()


def ungated(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same, asked by the program itself."""
    return lambda actor, *args, **given: function(EVERYTHING, *args, **given)


def anything(*args: Any, **given: Any) -> Q:
    return Q(pk__gt=0)


def every_field(actor: Any, what: Any, verb: str = "view") -> dict[str, Any]:
    return dict(object_type(what).fields)


@dataclass(frozen=True)
class Patch:
    """A fault: what is put in place of what, and the slice of the matrix that must notice."""

    name: str
    places: tuple[tuple[Any, str, Any], ...]
    routes: tuple[str, ...]
    people: tuple[str, ...]
    only: Callable[[Case], bool] = lambda case: True

    def __str__(self) -> str:
        return self.name


def about(*sorts: str) -> Callable[[Case], bool]:
    return lambda case: case.about[1] in sorts


def get(case: Case) -> bool:
    return case.method == "GET"


def post(case: Case) -> bool:
    return case.method == "POST"


def asked(text: str) -> Callable[[Case], bool]:
    return lambda case: text in case.url


def unowned(run_id_first: Any, pk: int) -> Any:
    from kith.events.models import Run

    return Run.objects.get(pk=pk)


def anybodys(actor: Any, pk: int) -> Any:
    from kith.objects.exchange.models import Import

    return Import.objects.get(pk=pk)


def unread(field: Any, operator: Any, values: Any, asker: Any) -> Any:
    return [int(v) for v in values]


def all_shares(actor: Any, o: Any, verb: str) -> Any:
    return Share.objects.filter(object=o.key).values("record")


def unchecked(self: Any, wanted: Any, value: Any, linked: Any = frozenset()) -> Any:
    return value


def no_step(self: Any) -> None:
    """A step of the write path that does nothing."""


def everybodys(actor: Any, row: Any) -> bool:
    return True


class Loose:
    """Rows of a log without asking through which webhook they went."""

    def __init__(self, model: Any):
        self.objects, self.model = self, model

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)

    def filter(self, **given: Any) -> Any:
        return self.model.objects.filter(pk=given["pk"])


def said_of_all(actor: Any, *, trash: bool | None = False) -> Any:
    return everything_of


def anybodys_row(table: Any, text: str, app: Any) -> Any:
    """A code or refresh token, whichever app was given it."""
    rows = table.objects.select_related("permit__app", "permit__owner")
    return rows.filter(digest=tokens.digest(text)).first()


def anybodys_permit(text: str, app: Any) -> Any:
    """What hangs on a token, whichever app asks."""
    digest = tokens.digest(text)
    row = Token.objects.filter(digest=digest).first() or Renewal.objects.filter(digest=digest).first()
    return row.permit if row else None


def given_by_another(user: Any, *given: Any) -> Any:
    """A permit in the name of whoever comes next in the table of people."""
    return GIVE(User.objects.exclude(pk=user.pk).order_by("pk").last(), *given)


def any_purpose(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same, and a token for the one door opens the other."""
    return lambda text, address, purpose=Token.API: function(text, address, Token.API)


COMPILE = __import__("importlib").import_module("kith.objects.filters.compile")
LINKS = __import__("importlib").import_module("kith.objects.write.links")
STRANGERS = ("dee", "gus", "tor")
GIVE = permits.give

PATCHES = [
    Patch("lists show everything", ((listing, "listing", ungated(query.listing)),), ("list",), STRANGERS, get),
    Patch(
        "the number of records is everybody's",
        ((listing, "count", ungated(query.count)),),
        ("list",),
        STRANGERS,
        asked("q="),
    ),
    Patch("look-ups show everything", ((lookup, "listing", ungated(query.listing)),), ("choose",), STRANGERS, get),
    Patch(
        "look-ups of filters show everything",
        ((filters, "listing", ungated(query.listing)),),
        ("lookup",),
        STRANGERS,
        get,
    ),
    Patch(
        "the command menu finds everything",
        ((command, "listing", ungated(query.listing)),),
        ("command",),
        STRANGERS,
        get,
    ),
    Patch(
        "the search page finds everything",
        ((search, "listing", ungated(query.listing)), (search, "count", ungated(query.count))),
        ("search",),
        STRANGERS,
        get,
    ),
    Patch("the trash shows everything", ((trash, "listing", ungated(query.listing)),), ("trash",), STRANGERS, get),
    Patch("files hold everything", ((exporting, "listing", ungated(query.listing)),), ("export",), STRANGERS, get),
    Patch("what may be seen may be exported", ((exporting, "visible", anything),), ("export",), ("gus", "uma"), get),
    Patch(
        "pages of records ask nobody",
        ((panels, "listing", ungated(query.listing)),),
        ("record", "peek", "facts"),
        STRANGERS,
        about("own"),
    ),
    Patch(
        "related lists show everything",
        ((belonging, "listing", ungated(query.listing)),),
        ("related",),
        ("ada", "gus"),
        about("own", "shared", "other's"),
    ),
    Patch(
        "timelines ask nobody", ((record, "find", ungated(query.find)),), ("story", "related"), STRANGERS, about("own")
    ),
    Patch(
        "timelines tell hidden fields",
        ((history, "fields_of", every_field),),
        ("story",),
        ("eve",),
        about("own", "other's"),
    ),
    Patch(
        "timelines say what stands in others",
        ((history, "visible_to", ungated(query.visible_to)),),
        ("story",),
        ("ada", "gus"),
        about("own"),
    ),
    Patch(
        "timelines name what was linked",
        ((history, "reader", said_of_all),),
        ("story", "record"),
        ("ada", "ben", "gus"),
        about("own", "team's", "shared"),
    ),
    Patch(
        "neighbours are everybody's",
        ((record, "neighbours", ungated(query.neighbours)),),
        ("record",),
        ("ada", "gus"),
        about("own", "shared"),
    ),
    Patch(
        "no field is hidden",
        ((Rights, "rule", lambda self, key, name: None),),
        ("record", "list"),
        ("eve",),
        get,
    ),
    Patch(
        "hidden fields are columns and filters",
        ((query, "readable", lambda a, what, path: object_type(what).field(path)),),
        ("export",),
        ("eve",),
        get,
    ),
    Patch("hidden fields are searched", ((query, "fields_of", every_field),), ("list",), ("eve",), asked("q=")),
    Patch("hidden titles are said", ((panels, "fields_of", every_field),), ("peek", "lookup"), ("ida",), get),
    Patch(
        "links say what they lead to",
        ((carriers, "references", lambda key, ids, reader: _REFERENCES(key, ids, everything_of)),),
        ("record", "list"),
        ("ada", "gus"),
        get,
    ),
    Patch("filters by a link look behind it", ((COMPILE, "_ids", unread),), ("list",), ("ada",), asked(":in:")),
    Patch(
        "links are written unchecked", ((LINKS.Links, "resolve", unchecked),), ("cell", "fact"), ("ben", "cai"), post
    ),
    Patch("changes ask nobody", ((batch, "visible", anything),), ("delete",), ("rea", "gus"), post),
    Patch(
        "records are given away", ((batch.Batch, "authorise_result", no_step),), ("cell", "fact"), ("ada", "ben"), post
    ),
    Patch("runs are everybody's", ((runs, "find_run", unowned),), ("run",), STRANGERS, get),
    Patch(
        "imports are everybody's",
        ((doors, "find_import", anybodys),),  # the package looks it up there each time
        ("import-report",),
        STRANGERS,
        get,
    ),
    Patch(
        "nothing is private", ((gate, "_not_private", lambda *given: Q()),), ("record", "list"), ("admin", "eve"), get
    ),
    Patch(
        "a share is for everybody", ((gate, "shared_with", all_shares),), ("record",), ("dee", "tor"), about("shared")
    ),
    Patch(
        "everybody is on the team",
        ((gate, "team_ids", lambda user_id: set(range(1, 10_000))),),
        ("record",),
        ("ada", "ben"),
        about("other's"),
    ),
    Patch("the territory is the world", ((gate, "belonging", anything),), ("record",), ("tor",), about("other's")),
    Patch("deputies take everything along", ((gate, "NOT_LENT", ()),), ("export",), ("uma",), get),
    Patch(
        "the feed tells what happened to everybody's records",
        ((changes, "visible_to", ungated(query.visible_to)),),
        ("rest-changes",),
        STRANGERS,
        get,
    ),
    Patch(
        "the stream of the feed tells what happened to everybody's records",
        ((changes, "visible_to", ungated(query.visible_to)),),
        ("rest-changes",),
        STRANGERS,
        lambda case: case.part,
    ),
    Patch(
        "apps exchange and learn what was given to others",
        ((oauth, "_valid", anybodys_row), (oauth, "_behind", anybodys_permit)),
        ("oauth-token", "oauth-introspect"),
        STRANGERS,
    ),
    Patch("apps end what was given to others", ((oauth, "_behind", anybodys_permit),), ("oauth-revoke",), STRANGERS),
    Patch(
        "apps are shut out by anybody",
        ((permits, "end", lambda actor, pk: permits.shut_out(permits.Permit.objects.get(pk=pk))),),
        ("permit-end",),
        STRANGERS,
    ),
    Patch(
        "what is let in is somebody else's",
        ((permits, "give", given_by_another),),
        ("authorize",),
        ("ada", "dee"),
        post,
    ),
    Patch("deliveries need no signature", ((arriving, "admitted", lambda *given: "id:2"),), ("webhook-in",), STRANGERS),
    Patch(
        "any token opens the door for directories",
        ((endpoint.tokens, "find", any_purpose(tokens.find)),),
        ("scim",),
        ("admin", "dee"),
    ),
    Patch(
        "what was never hers to see is told as gone",
        ((changes, "seen_before", lambda actor, o, events: {event.pk for event in events}),),
        ("rest-changes",),
        STRANGERS,
        get,
    ),
    Patch(
        "webhooks tell of everybody's records",
        ((payload, "listing", ungated(query.listing)), (payload, "visible_to", ungated(query.visible_to))),
        ("webhook",),
        STRANGERS,
        asked("made"),
    ),
    Patch("webhooks tell hidden fields", ((shapes, "fields_of", every_field),), ("webhook",), ("eve",), asked("made")),
    Patch(
        "webhooks tell what hidden fields were",
        ((history, "fields_of", every_field),),
        ("webhook",),
        ("eve",),
        asked("made"),
    ),
    Patch(
        "what she lost sight of is sent all the same",
        ((payload, "visible_to", ungated(query.visible_to)),),
        ("webhook",),
        STRANGERS,
        asked("kept"),
    ),
    Patch(
        "what was hidden meanwhile is sent all the same",
        ((payload, "fields_of", every_field),),
        ("webhook",),
        ("eve",),
        asked("kept"),
    ),
    *(
        Patch(
            f"webhooks are everybody's at {name}, {how.__name__}",
            ((owning, "is_mine", everybodys),),
            (name,),
            STRANGERS,
            how,
        )
        for name, how in (
            ("hook", get),
            ("hook-edit", get),
            ("hook-in", get),
            ("hook-in-edit", get),
            ("hook", post),
            ("hook-secret", post),
            ("rest-hook", get),
            ("rest-hook-messages", get),
            ("rest-hook-replay", post),
            ("rest-hook-in", get),
            ("rest-hook-in-arrivals", get),
            ("rest-hook-in-replay", post),
            ("rest-hook-in-secret", post),
        )
    ),
    Patch("messages of others", ((hooks_out, "Sending", Loose(Sending)),), ("hook-message",), ("dee",), get),
    Patch("deliveries of others", ((hooks_in, "Arrival", Loose(Arrival)),), ("hook-in-arrival",), ("dee",), get),
]
_REFERENCES = carriers.references


@pytest.mark.parametrize("patch", PATCHES, ids=str)
def test_taking_the_gate_from_one_surface_is_noticed(world: World, patch: Patch, monkeypatch: pytest.MonkeyPatch):
    for module, name, fault in patch.places:
        monkeypatch.setattr(module, name, fault)
    judge = Judge(world)
    for name in patch.routes:
        for case in cases(world, ROUTES[name], patch.people):
            if patch.only(case):
                judge.try_(case)
            if judge.found.faults:
                return
            assert judge.found.cases < MOST, "so many cases did not notice"
    pytest.fail(f"{judge.found.cases} cases did not notice")


def test_there_are_enough_patches():
    assert len({patch.name for patch in PATCHES}) == len(PATCHES) >= 15
