"""What an answer must not hold, and what a request must not have changed."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.test import Client
from django.utils import translation

from kith.identity.models import Bucket
from kith.objects.columns import LinkColumn
from kith.objects.declare import object_type, object_types
from kith.ui.policy import ANYONE

from . import programs, sent, strangers
from .cases import ABSENT, HX, NONE, WEBHOOK, Case, body, routes
from .doors import TOKEN
from .world import NOBODY, World

#: Tables of rights and of the ledger, beside those of every object.
ALSO = (
    "objects_share", "objects_private", "objects_role", "objects_grant", "objects_fieldrule", "objects_territory", "objects_territoryrule",
    "identity_team", "identity_team_members", "identity_deputy", "objects_role_users", "objects_territory_members",
    "hooks_webhook", "hooks_sending", "hooks_inlet", "hooks_arrival",
    "identity_user", "identity_app", "identity_permitcode", "identity_renewal",
)  # fmt: skip
#: Tables of what is somebody's own and ends: whose it is, and the column that says that it has.
ENDING = (("identity_token", "owner_id", "revoked_at"), ("identity_permit", "owner_id", "ended_at"))


@dataclass
class Found:
    """What the judge counted and found."""

    cases: int = 0
    seen: int = 0
    written: int = 0
    faults: list[str] = field(default_factory=list)


class Judge:
    """Sends cases and looks at the answers. Nothing that a case does outlives it."""

    def __init__(self, world: World):
        self.world = world
        self.found = Found()
        self._clients = {who: _client(world, who) for who in {*world.users, ""}}
        self._by_id = {
            (next(o for o in world.objects if o.key == key).slug, record.pk): (key, sort)
            for (key, sort), record in world.records.items()
        }

    def fault(self, case: Case, what: str) -> None:
        """Remember a fault, with everything that repeats it."""
        self.found.faults.append(
            f"{what}\n    {case.who or 'signed out'}: {case.method} {case.url} part={case.part} body={case.body} about={case.about}"
        )

    def try_(self, case: Case) -> None:
        """One case."""
        self.found.cases += 1
        if programs.asks(case.route) or strangers.asks(case.route):
            # Time stands still, and no bucket would ever be emptied.
            Bucket.objects.all().delete()
        if case.route == WEBHOOK.name:
            self._look(case, 200, sent.told(self.world, case))
            return
        if case.method == "GET":
            status, text = self._send(case, case.url)
            self._look(case, status, text)
            if case.also:
                self._compare(case, status, text)
            return
        may = self._may_write(case)
        versions, others = self._versions(case), self._of_others(case.who)
        before = self._reached(case.who) if may else state()
        with transaction.atomic():
            status, text = self._send(case, case.url, self._body(case))
            if not may and (changed := _differences(before, state(), case.route in _doors())):
                self.fault(case, f"changed rows that it must not: {changed}")
            elif may and (after := self._reached(case.who)) != before:
                self.fault(case, f"linked to what she does not see, or gave away what she may not: {before} {after}")
            elif (after_it := self._versions(case)) != versions:
                self.fault(case, f"changed records that she may not change: {versions} {after_it}")
            elif (after_others := self._of_others(case.who)) != others:
                self.fault(case, f"made or ended what opens doors to others: {others} {after_others}")
            elif may and status < 400:
                self.found.written += 1
            transaction.set_rollback(True)
        self._look(case, status, text)
        if strangers.asks(case.route) and (other := strangers.made_up(case)):
            self._alike(case, other, status, text)

    def _alike(self, case: Case, other: Case, status: int, text: str) -> None:
        """What is shown of somebody else's is answered as what nobody was ever given."""
        with transaction.atomic():
            other_status, other_text = self._send(other, other.url)
            transaction.set_rollback(True)
        if (status, _plain(text)) != (other_status, _plain(other_text)):
            self.fault(
                case, f"is answered otherwise than what is made up: {status} {text[-200:]} and {other_text[-200:]}"
            )

    def _of_others(self, who: str) -> list[Any]:
        """What opens doors to anybody but her; an administrator ends what she likes."""
        if who == "admin":
            return []
        hers = getattr(self.world.users.get(who), "pk", 0)
        with connection.cursor() as cursor:
            found = []
            for table, owner, ended in ENDING:
                cursor.execute(f"SELECT count(*), count({ended}) FROM {table} WHERE {owner} <> %s", [hers])
                found.append(cursor.fetchone())
        return found

    def _body(self, case: Case) -> Any:
        if strangers.asks(case.route):
            return None
        return programs.body(self.world, case) if programs.asks(case.route) else body(self.world, case)

    def _versions(self, case: Case) -> dict[tuple[str, str], Any]:
        """Versions of the records that a program of hers must not change, wherever it writes many at once."""
        if not programs.asks(case.route):
            return {}
        kept = {place: r for place, r in self.world.records.items() if not self.world.changes(case.who, *place)}
        found = {}
        for o in self.world.objects:
            wanted = {r.pk: place for place, r in kept.items() if place[0] == o.key}
            rows = models.QuerySet(o.model).filter(pk__in=wanted).values_list("pk", "version", "removed_at")
            found |= {wanted[pk]: rest for pk, *rest in rows}
        return found

    def _reached(self, who: str) -> list[int]:
        """How many records link to private ones, unless she may see those; and how many belong to Dee, unless she may give them."""
        counts = []
        for o in self.world.objects:
            rows = models.QuerySet(o.model).filter(**o.base)
            for link in o.own.values():
                if isinstance(link, LinkColumn) and link.target != "identity.user" and who != "ada":
                    far = self.world.records[link.target or "", "private"]
                    if not self.world.sees(who, link.target or "", "private"):
                        counts.append(rows.filter(**{link.attname: far.pk}).count())
            if o.owner_field is not None and who in ("ada", "ben", "cai", "uma", "gus", "tor", "olga"):
                counts.append(rows.filter(owner=self.world.users["dee"]).count())
        return counts

    def _send(self, case: Case, url: str, given: Any = None) -> tuple[int, str]:
        client = self._clients[case.who]
        # What another request wanted to say to her is not this one's answer.
        client.cookies.pop("messages", None)
        more = HX if case.part else {}
        translation.activate("en")
        if programs.asks(case.route) and case.part:
            return strangers.stream(self.world, case)
        if programs.asks(case.route):
            return self._answered(case, programs.send(self.world, case, url, given))
        if strangers.asks(case.route):
            return self._answered(case, strangers.send(self.world, case, client))
        response = client.get(url, **more) if given is None else client.post(url, given, **more)
        return self._answered(case, response)

    def _answered(self, case: Case, response: Any) -> tuple[int, str]:
        if response.status_code >= 500:
            self.fault(case, f"was answered with {response.status_code}")
        content = b"".join(response.streaming_content) if response.streaming else response.content
        if content[:2] == b"PK":
            content = _unpacked(content)
        headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        return response.status_code, f"{headers}\n\n{content.decode('utf-8', 'replace')}"

    def _look(self, case: Case, status: int, text: str) -> None:
        """No word that she may not see, and no address of a record that she may not see, stands in the answer."""
        asked = set(TOKEN.findall(case.url.lower()))
        for word in set(TOKEN.findall(text.lower())) - asked:
            if word not in self.world.secrets:
                continue
            if self.world.may_see(case.who, word) and not self._kept(case, word):
                self.found.seen += 1
            else:
                self.fault(case, f"showed {self.world.secrets[word]}")
        for slug, number in set(_addresses()[0].findall(text)):
            there = self._by_id.get((slug, int(number)))
            named = f"/{slug}/{number}/" in case.url
            if there and not named and not self.world.sees(case.who, *there):
                self.fault(case, f"gave the address of {there}")
        if case.route == "rest-changes":
            for key, number in set(_CHANGED.findall(text)):
                there = next(
                    (place for place, r in self.world.records.items() if (place[0], str(r.pk)) == (key, number)), None
                )
                # Nothing in this world ever left anybody's sight.
                if there and not self.world.sees(case.who, *there):
                    self.fault(case, f"told of {there}")

    def _kept(self, case: Case, word: str) -> bool:
        """Whether she may see this word but not take it away: who stands in for somebody, and with whom something is shared."""
        secret = self.world.secrets[word]
        return (
            case.route in ("export", "rest-export")
            and case.who in ("uma", "gus")
            and not object_type(secret.object).common
        )

    def _compare(self, case: Case, status: int, text: str) -> None:
        """Asked about a word that she may not see, the answer is the one about a word that nobody wrote."""
        if case.far[0]:
            if self.world.sees(case.who, *case.far):
                return
            word, absent = str(self.world.records[case.far].pk), str(NONE)
        else:
            (word,) = set(TOKEN.findall(case.url)) - set(TOKEN.findall(case.also)) or {""}
            absent = ABSENT
            if not word or self.world.may_see(case.who, word):
                return
        other_status, other = self._send(case, case.also)
        one_text, other_text = _plain(text, word, absent), _plain(other, word, absent)
        if status != other_status:
            self.fault(case, f"is answered {status}, and {other_status} about nothing")
        elif one_text != other_text:
            pairs = zip(one_text.splitlines(), other_text.splitlines(), strict=False)
            one, two = next(((a, b) for a, b in pairs if a != b), ("", ""))
            at = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), 0)
            self.fault(
                case,
                f"is answered otherwise than about nothing: …{one[max(0, at - 60) : at + 60]}… and …{two[max(0, at - 60) : at + 60]}…",
            )

    def _may_write(self, case: Case) -> bool:
        """Whether she may change something by this: the record that it is about, or, where none is named, anything at all."""
        if case.who in NOBODY:
            return False
        if strangers.asks(case.route):
            return strangers.may_write(case)
        if case.route in ("note",):
            return self.world.sees(case.who, *case.about) if case.about[1] != "none" else False
        if case.route == "rest-action" and programs.only_looks(case):
            return self.world.sees(case.who, *case.about) if case.about[1] != "none" else False
        key, sort = case.about
        if case.route == "write":
            # What is written about a record is a record of its own: whoever sees the one and may make the other does so.
            return sort != "none" and case.who != "rea" and self.world.sees(case.who, key, sort)
        if case.route == "access-open":
            # The one door to what is private: an administrator shares it with herself for an hour, and says why.
            return case.who == "admin" and self.world.kept_private(key, sort)
        if key == "import":
            return case.who in ("olga", "admin")
        if sort == "none":
            return False
        if key == "hook":
            # An administrator may stop those of others, on the pages for people.
            return case.who == sort or (case.who == "admin" and not case.route.startswith("rest-"))
        if sort:
            return self.world.changes(case.who, key, sort)
        return case.who != "rea" or case.route.startswith(("settings", "preferences", "sign", "rest-hook", "hook"))


def _client(world: World, who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[who]
    return client


def _unpacked(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


_CHANGED = re.compile(r'"object":"([\w.]+)","id":(\d+)')
_KEYS = re.compile(r'(name="once" value="|"once": ?"|name="csrfmiddlewaretoken" value="|data-key="|request:)[\w-]+')
_VOLATILE = re.compile(
    r'csrftoken=[^;]+|sessionid=[^;]+|"X-CSRFToken": ?"[^"]*"|X-Request-Id: .*|RateLimit: .*|Content-Length: .*|Set-Cookie: .*|[\w-]{30,}'
)


def _plain(text: str, *words: str) -> str:
    """An answer without what differs from one request to the next, and without the words or numbers that were asked for."""
    text = _VOLATILE.sub("", _KEYS.sub(r"\1", text))
    for word in words:
        if word.isdecimal():
            # As it stands in addresses, and as people read it.
            text = re.sub(rf"(?<!\d)({word}|{int(word):,})(?!\d)", "WORD", text)
        else:
            text = re.sub(word, "WORD", text, flags=re.IGNORECASE)
    return text


@cache
def _addresses() -> tuple[re.Pattern[str]]:
    slugs = "|".join(re.escape(o.slug) for o in object_types())
    return (re.compile(rf"/({slugs})/(\d+)/"),)


def state() -> tuple[Any, ...]:
    """A picture of every table that a request may change, made by one statement."""
    tables = sorted({o.model._meta.db_table for o in object_types()})
    quote = connection.ops.quote_name
    parts = [f"(SELECT count(*) || '/' || coalesce(sum(version), 0) FROM {quote(t)})" for t in tables]
    parts += [
        f"(SELECT count(*) || '/' || coalesce(max(id), 0) FROM {quote(t)})"
        for t in (*ALSO, "events_run", "events_once")
    ]
    parts += [f"(SELECT count(*) || '/' || count({ended}) FROM {table})" for table, _owner, ended in ENDING]
    parts += ["(SELECT count(*) FROM events_event WHERE object <> 'session')"]
    named = [*tables, *ALSO, "events_run", "events_once", *(table for table, *_rest in ENDING), "events_event"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts))
        return tuple(zip(named, cursor.fetchone(), strict=True))


def _differences(before: Any, after: Any, at_the_door: bool) -> list[Any]:
    """What changed; that somebody tried a door may be written down, whoever she is."""
    told = {"events_event"} if at_the_door else set()
    return [(b[0], b[1], a[1]) for b, a in zip(before, after, strict=True) if a != b and b[0] not in told]


@cache
def _doors() -> frozenset[str]:
    return frozenset(route.name for route in routes() if route.policy.who == ANYONE)
