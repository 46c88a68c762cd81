"""What programs ask at the addresses of records: the same people, each with a token that may all that she may."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from django.test import Client

from kith.objects.access.models import VIEW
from kith.objects.actions import Action
from kith.objects.declare import ObjectType, object_type

from .cases import ABSENT, CURIOUS, NONE, Case, NoGenerator, Route, _some, _telling
from .world import SORTS, World


def asks(route: str) -> bool:
    """Whether the cases of a route are made and sent here."""
    return route.startswith("rest-")


def cases(world: World, route: Route, people: tuple[str, ...]) -> Iterator[Case]:
    """Every case of one route."""
    if route.name == "rest-changes":
        yield from _of_changes(world, route, people)
    for who in people:
        for url, o, about in _places(world, route):
            if "GET" in route.policy.methods:
                yield Case(who, route.name, url, about=about)
                if o is not None:
                    yield from _questions(world, route, url, o, about, who)
            for method in ("POST", "PATCH", "DELETE"):
                if method in route.policy.methods and route.name not in ("rest-root", "rest-nowhere"):
                    for what in _bodies(route, method):
                        yield Case(who, route.name, url, method, body=(what, method), about=about)


def _of_changes(world: World, route: Route, people: tuple[str, ...]) -> Iterator[Case]:
    """Everything that ever happened, of all objects and of each, with the records as they are now; asked for once, and as a stream."""
    for who in people:
        for query in ("", "?expand=record"):
            yield Case(who, route.name, f"/{route.pattern}{query}", part=True)
        for query in ({}, {"expand": "record"}, *({"object": o.slug, "expand": "record"} for o in world.objects)):
            yield Case(who, route.name, f"/{route.pattern}?{urlencode({'limit': '1000', **query})}")


def _places(world: World, route: Route) -> Iterator[tuple[str, ObjectType | None, tuple[str, str]]]:
    takes, at = route.takes, "/" + route.pattern
    if not takes or takes == ("where",):
        yield at.replace("<anything:where>", "v1/nothing"), None, ("", "")
    elif takes == ("pk",) and "webhooks/" in at:
        for whose, (pk, _below) in {**world.hooks("/incoming-" in at), "none": (999_999, 0)}.items():
            yield at.replace("<int:pk>", str(pk)), None, ("hook", whose)
    elif takes == ("pk",):
        for pk in (*world.runs, 999_999):
            yield at.replace("<int:pk>", str(pk)), None, ("", "none")
    elif takes[0] == "slug":
        for o in world.objects:
            of_object = at.replace("<slug:slug>", o.slug)
            if "pk" not in takes:
                yield of_object, None if route.name == "rest-object" else o, ("", "")
                continue
            names = [a.name for a in Action.registry if a.on in ("*", o.key)] + ["nothing"] if "name" in takes else [""]
            for sort in (*SORTS, "none"):
                pk = world.records[o.key, sort].pk if sort != "none" else NONE
                for name in names:
                    yield of_object.replace("<int:pk>", str(pk)).replace("<slug:name>", name), o, (o.key, sort)
    else:
        raise NoGenerator(
            f"{route.pattern}: say in tests/access/matrix/programs.py what stands for {', '.join(takes)}."
        )


def _questions(world: World, route: Route, url: str, o: ObjectType, about: tuple[str, str], who: str) -> Iterator[Case]:
    links = ",".join([f.name for f in o.fields.values() if f.target and f.target != "identity.user"][:5])
    if route.name == "rest-record":
        yield Case(who, route.name, f"{url}?trash=true", about=about)
        if links:
            yield Case(who, route.name, f"{url}?{urlencode({'expand': links})}", about=about)
    elif route.name in ("rest-list", "rest-export"):
        yield from _of_words(world, route, url, o, who)
        if who in CURIOUS:
            yield from _of_fields(world, route, url, o, who)
            further = {"format": "csv"} if route.name == "rest-export" else {"trash": "true", "count": "true"}
            yield _pair(who, route, url, further, "")
            if links and route.name == "rest-list":
                yield _pair(who, route, url, {"expand": links, "limit": "200"}, "")


def _of_words(world: World, route: Route, url: str, o: ObjectType, who: str) -> Iterator[Case]:
    """Searches and filters by words that she must not know, beside the same by a word that nobody wrote."""
    for word in [word for sort in ("other's", "private", "trashed") for word in _some(world, o, sort)]:
        yield _pair(who, route, url, {"search": word}, word)
        name = world.secrets[word].field
        known = o.fields[name].kind.operators if name else ()
        for operator in [one for one in ("contains", "is", "in") if one in known][:1]:
            yield _pair(who, route, url, {"filter": f"{name}:{operator}:{word}"}, word)


def _of_fields(world: World, route: Route, url: str, o: ObjectType, who: str) -> Iterator[Case]:
    for name in _telling(world, o):
        for query in ({"sort": f"-{name}"}, {"fields": name}, {"filter": f"{name}:filled"}):
            yield _pair(who, route, url, query, "")
        target = o.fields[name].target
        if target and target != "identity.user":
            for sort in ("other's", "private"):
                far = world.records[target, sort]
                there, none = (f"{url}?{urlencode({'filter': f'{name}:in:{pk}'})}" for pk in (far.pk, NONE))
                yield Case(who, route.name, there, also=none, far=(target, sort))
            yield _pair(who, route, url, {"fields": f"{name}.{object_type(target).title}"}, "")


def _pair(who: str, route: Route, url: str, query: dict[str, str], word: str) -> Case:
    asked = f"{url}?{urlencode(query)}"
    return Case(who, route.name, asked, also=asked.replace(quote(word), ABSENT) if word else "")


def _bodies(route: Route, method: str) -> tuple[str, ...]:
    """What is sent: one harmless change, so that nothing but the right decides; a link to what is private; an owner; everything."""
    if method == "DELETE" or route.name in ("rest-restore", "rest-action") or route.name.startswith("rest-hook"):
        return ("all",)
    return ("title", "link", "owner", "all")


def body(world: World, case: Case) -> Any:
    """The body of a request that writes."""
    what, method = case.body
    if case.route.startswith("rest-hook"):
        return _hook(world, case)
    slug = case.url.split("/")[3]
    o = next(o for o in world.objects if o.slug == slug)
    if method == "DELETE" or case.route == "rest-restore":
        return None
    if case.route == "rest-action":
        return {"values": _inputs(case)}
    values = _values(world, o, what, case)
    if case.route != "rest-bulk":
        return {"values": values}
    ids = [r.pk for (key, _sort), r in world.records.items() if key == o.key]
    last = [{"id": pk, "verb": verb} for pk in ids for verb in ("remove", "restore")] if what == "all" else []
    return {"records": [{"values": values}, *({"id": pk, "values": values} for pk in ids), *last]}


def _hook(world: World, case: Case) -> Any:
    """What makes a webhook to a place that nobody can reach, turns one on, and sends again what went through Olga's."""
    o = world.objects[0]
    if case.route == "rest-hooks":
        return {"name": "Matrix", "url": "https://hooks.invalid/", "kinds": ["created", "changed"]}
    if case.route == "rest-hook-ins":
        return {"name": "Matrix", "object": o.key, "mapping": [{"to": o.title, "from": "name"}]}
    if case.route.endswith("-replay") and case.about[1] == "dee":
        taking_in = "/incoming-" in case.url
        return {"arrival" if taking_in else "message": world.hooks(taking_in)["olga"][1]}
    return {"paused": False, "name": "Taken over"} if case.method == "PATCH" else None


def _inputs(case: Case) -> dict[str, Any]:
    name = case.url.rpartition("/")[2]
    action = next((a for a in Action.registry if a.name == name), None)
    if action is None:
        return {}
    return {key: kind.wire(kind.example(77)) for key, (_label, kind, _required) in action.form.items()}


def only_looks(case: Case) -> bool:
    """Whether whoever sees a record may do this action with it, as everybody may who writes a note."""
    name = case.url.rpartition("/")[2]
    return any(a.name == name and a.verb == VIEW for a in Action.registry)


def _values(world: World, o: ObjectType, what: str, case: Case) -> dict[str, Any]:
    values: dict[str, Any] = {}
    title = o.title_field
    if title.writable and not title.target:
        values[title.name] = title.kind.wire(title.kind.example(zlib.crc32(case.id.encode()) % 7))
    for name, one in o.fields.items():
        if not one.writable:
            continue
        if one.target and one.target != "identity.user":
            if what in ("link", "all"):
                far = world.records[one.target, "private"].pk
                values[name] = [far] if one.kind.multiple else far
        elif one.target:
            if what in ("owner", "all"):
                values[name] = world.users["dee"].pk
        elif what == "all" and name != title.name:
            values[name] = one.kind.wire(one.kind.example(77))
    return values


def send(world: World, case: Case, url: str, given: Any) -> Any:
    """The answer to a case."""
    headers = {"authorization": f"Bearer {world.tokens.get(case.who, '')}"}
    if case.method != "GET":
        headers["If-Match"] = "*"
    data = "" if given is None else json.dumps(given)
    client = Client(raise_request_exception=False)
    return client.generic(case.method, url, data, "application/json", headers=headers)
