"""The settings area: pages that rooms and the platform contribute, each with an address, a group and who may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kith.kernel.registry import Registry, Room
from kith.kernel.text import fold

from .policy import ADMIN, USER, Policy, Screen, route
from .render import page

AT = "settings/"
EVERYBODY, ADMINISTRATORS = USER, ADMIN
#: Key → heading, in the order of the list.
GROUPS: dict[str, Any] = {
    "you": pgettext_lazy("settings", "You"),
    "company": pgettext_lazy("settings of the own company", "Company"),
    "people": _("People and rights"),
    "data": pgettext_lazy("settings", "Data"),
}


@dataclass(frozen=True)
class Further:
    """An address below a page: /settings/<page>/<below>. Who may see the page may come; `name` is for reversing."""

    below: str
    screen: Screen
    name: str
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True)
class SettingsPage:
    """One page of settings at /settings/<key>/.

    `key` is the address ("me"), `group` a key of GROUPS, `help` one line, `screen` a function (request, actor) that answers with
    `settings_page(…)`; `who` is EVERYBODY or ADMINISTRATORS. `words` are further words by which a search finds the page; `order` sorts
    inside the group; `halfway` as in Policy. Rooms contribute instances.
    """

    registry: ClassVar[Registry[SettingsPage]] = Registry("page of settings")

    key: str
    group: str
    label: Any
    icon: str
    help: Any
    screen: Callable[..., HttpResponse]
    who: str = EVERYBODY
    methods: tuple[str, ...] = ("GET", "POST")
    audit: str = ""
    writes: bool = False
    words: Any = ""
    #: Single settings of the page with addresses of their own: gives [(id of its input, label)].
    single: Callable[[], list[tuple[str, Any]]] | None = None
    order: int = 50
    further: tuple[Further, ...] = ()
    halfway: bool = False

    def __post_init__(self) -> None:
        if self.group not in GROUPS:
            raise ValueError(f"{self.key}: there is no group of settings called {self.group!r}.")

    def contribute(self, room: Room) -> None:
        """Rooms contribute pages as instances."""
        SettingsPage.registry.add(self.key, self)

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"/{AT}{self.key}/"

    def seen_by(self, user: Any) -> bool:
        """Whether `user` may see the page; the same rule guards its address."""
        return bool(user.is_authenticated) and (self.who != ADMINISTRATORS or user.is_admin)

    def addresses(self) -> list[URLPattern]:
        """The page's own address and those below it, all under the page's `who`."""
        policy = Policy(self.who, self.methods, writes=self.writes, audit=self.audit, halfway=self.halfway)
        return [
            route(f"{AT}{self.key}/", self.screen, f"settings-{self.key}", policy),
            *(
                route(f"{AT}{self.key}/{f.below}", f.screen, f.name, replace(f.policy, who=self.who))
                for f in self.further
            ),
        ]


def addresses() -> list[URLPattern]:
    """The addresses of every page; asked for when all rooms have contributed."""
    return [address for one in SettingsPage.registry for address in one.addresses()]


def pages_for(user: Any) -> list[SettingsPage]:
    """The pages that `user` may see, in the order of the list."""
    groups = list(GROUPS)
    seen = [one for one in SettingsPage.registry if one.seen_by(user)]
    return sorted(seen, key=lambda one: (groups.index(one.group), one.order))


@dataclass(frozen=True)
class Single:
    """One setting of a page, found by its own name: the address ends in the id of its input."""

    label: str
    page: Any
    icon: str
    url: str


def single_settings(user: Any) -> list[Single]:
    """Every single setting that `user` may reach."""
    return [
        Single(str(label), one.label, one.icon, f"{one.url}#{anchor}")
        for one in pages_for(user)
        if one.single
        for anchor, label in one.single()
    ]


def fitting_single(user: Any, q: str) -> list[Single]:
    """Those whose own name holds each word of `q`; none without words."""
    wanted = fold(q).split()
    return [one for one in single_settings(user) if wanted and all(word in fold(one.label) for word in wanted)]


def grouped(pages: Iterable[SettingsPage]) -> list[tuple[Any, list[SettingsPage]]]:
    """Pages under the headings of their groups; groups without pages are left out."""
    found: dict[str, list[SettingsPage]] = {}
    for one in pages:
        found.setdefault(one.group, []).append(one)
    return [(GROUPS[key], some) for key, some in found.items()]


def fitting(pages: Iterable[SettingsPage], q: str) -> list[SettingsPage]:
    """The pages whose label, help or further words hold each word of `q`."""
    wanted = fold(q).split()
    return [
        one
        for one in pages
        if all(word in fold(f"{one.label} {one.help} {one.words} {GROUPS[one.group]}") for word in wanted)
    ]


def settings_page(
    request: Any,
    key: str,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """The answer of a page of settings: `template` extends ui/settings/page.html and fills its block `page`."""
    here = SettingsPage.registry[key]
    around = {"here": here, "settings_groups": grouped(pages_for(request.user))}
    return page(request, template, {**around, **(context or {})}, part=part, status=status)
