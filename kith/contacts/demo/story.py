"""Eighteen months of work with the address book: who did what when. Pure: a list of happenings, which `play` then makes true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from .book import Contact, Firm, Tie
from .house import COLLEAGUES, NOTES, PRODUCTS, TAGS, TEAMS, Colleague

DAYS = 548
#: Each works on the book on about one day in so many.
EVERY = 9
#: Verb → minutes into the sitting: first what is made, then what is done with it.
MINUTES = {
    "firm": 0,
    "person": 9,
    "tie": 11,
    "edit": 25,
    "leave": 33,
    "new tie": 35,
    "opt_out": 41,
    "invalid": 44,
    "note": 52,
}
#: Until Luka came, she looked after his countries, too.
FORMER_OWNER = "aino"


@dataclass(frozen=True, eq=False)
class Happening:
    """At `at`, the colleague `who` did `verb` with `what`."""

    at: datetime
    who: str
    verb: str
    what: Firm | Contact | Tie
    values: dict[str, Any]


@dataclass(frozen=True)
class Sitting:
    """Half a morning or afternoon that somebody spends on the book."""

    at: datetime
    who: str


def make_story(rng: Random, firms: list[Firm], today: date) -> list[Happening]:
    """Everything that happened, in order; the last of it yesterday."""
    return _Teller(rng, firms, today).told()


class _Teller:
    def __init__(self, rng: Random, firms: list[Firm], today: date):
        self.rng, self.firms, self.today = rng, firms, today
        self.begin = today - timedelta(days=DAYS)
        #: The last day on which anybody worked.
        self.yesterday = next(d for d in (today - timedelta(days=n) for n in (1, 2, 3)) if d.weekday() < 5)
        self.sittings = {c.key: self._sittings(c) for c in COLLEAGUES}
        self.colleagues = {c.key: c for c in COLLEAGUES}
        self.happenings: list[Happening] = []
        #: When Luka came.
        self.arrival = datetime.combine(today - timedelta(days=210), time(7), UTC)
        #: When each firm was written down.
        self.made: dict[Firm, datetime] = {}

    def told(self) -> list[Happening]:
        """The story: each firm's life, one after another, then put in order."""
        # Parents before what belongs to them.
        for firm in sorted(self.firms, key=lambda f: f.parent is not None):
            self._life(firm)
        self._new_colleague()
        self._busy_day()
        order = {verb: n for n, verb in enumerate(MINUTES)}
        return sorted(self.happenings, key=lambda h: (h.at, h.who, order[h.verb], type(h.what).__name__))

    def _sittings(self, colleague: Colleague) -> list[Sitting]:
        """The days on which this colleague works on the book, in local office hours of weekdays."""
        zone = ZoneInfo(colleague.zone)
        last = self.yesterday
        days = [self.begin + timedelta(days=self.rng.randint(1, 6))]
        while days[-1] < last:
            days.append(days[-1] + timedelta(days=self.rng.randint(EVERY - 4, EVERY + 4)))
        found = []
        for day in (d for d in days if d < last and d.weekday() < 5):
            local = datetime.combine(
                day, time(self.rng.choice((8, 9, 10, 13, 14, 15)), self.rng.choice((5, 20, 40))), zone
            )
            found.append(Sitting(local.astimezone(UTC), colleague.key))
        return found

    # ── one firm ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _life(self, firm: Firm) -> None:
        who = firm.land.owner
        mine = self.sittings[who]
        # A third of the book was there when Kith came; the rest followed, a little faster every month.
        start = 0.0 if self.rng.random() < 0.35 else self.rng.random() ** 0.8 * 0.97
        soonest = mine[int(len(mine) * start)].at
        if firm.parent is not None:
            soonest = max(soonest, self.made[firm.parent] + timedelta(days=2))
        sitting = self._first(who, soonest)
        if firm.parent is not None and sitting.at < soonest:
            firm.parent = None
        self.made[firm] = sitting.at
        self._say(sitting, "firm", firm, {**firm.values, "parent": firm.parent, "owner": sitting.who})
        for contact in firm.people:
            self._join(contact, sitting)
        self._walk(firm, firm.stages, who, sitting)
        for _n in range(self.rng.choice((0, 1, 1, 2))):
            self._note(firm, self._later(who, sitting))
        if self.rng.random() < 0.2:
            tags = sorted({*firm.values["tags"], self.rng.choice(TAGS)})
            self._say(self._later(who, sitting), "edit", firm, {"tags": tags})

    def _new_colleague(self) -> None:
        """The manager of the north hands Luka's countries over to him, in one go."""
        day = self._first("mikko", self.arrival)
        for h in [h for h in self.happenings if h.verb in ("firm", "person") and h.values["owner"] == FORMER_OWNER]:
            land = h.what.land if isinstance(h.what, Firm) else h.what.firm.land
            if land.owner == "luka":
                self._say(day, "edit", h.what, {"owner": "luka"})

    def _busy_day(self) -> None:
        """Yesterday, hour by hour, everybody had something to do: what the first look at the list shows."""
        known: dict[str, list[Firm | Contact]] = {}
        for h in self.happenings:
            if h.verb in ("person", "firm") and not isinstance(h.what, Tie):
                known.setdefault((h.what.land if isinstance(h.what, Firm) else h.what.firm.land).code, []).append(
                    h.what
                )
        # Of every country alike, though the book has more of some.
        busy = [what for each in known.values() for what in self.rng.sample(each, min(len(each) // 3, 5))]
        for what in busy:
            land = what.land if isinstance(what, Firm) else what.firm.land
            # Late in Shanghai, early in São Paulo: the hours in which all of them are awake.
            instant = datetime.combine(self.yesterday, time(self.rng.randint(10, 13), self.rng.randrange(60)), UTC)
            sitting = Sitting(instant, land.owner)
            if self.rng.random() < 0.35:
                self._note(what, sitting)
            elif self.rng.random() < 0.5:
                self._say(sitting, "edit", what, {"tags": sorted({*what.values["tags"], self.rng.choice(TAGS)})})
            elif isinstance(what, Contact):
                self._say(sitting, "edit", what, {"job_title": self.rng.choice(land.titles.split(","))})
            else:
                self._say(sitting, "edit", what, {"source": self.rng.choice(("referral", "web", "trade_fair"))})

    # ── one person ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _join(self, contact: Contact, sitting: Sitting) -> None:
        who = contact.firm.land.owner
        if self.rng.random() < 0.4:
            sitting = self._later(who, sitting)
        self._say(sitting, "person", contact, {**contact.values, "owner": sitting.who})
        # A firm that is not in the book yet cannot be named.
        contact.ties = [tie for tie in contact.ties if self._is_known(tie.firm, sitting)]
        for tie in contact.ties:
            self._say(sitting, "tie", tie, tie.values)
        self._walk(contact, contact.stages, who, sitting)
        self._edits(contact, who, sitting)

    def _is_known(self, firm: Firm, sitting: Sitting) -> bool:
        return firm in self.made and self.made[firm] <= sitting.at

    def _edits(self, contact: Contact, who: str, sitting: Sitting) -> None:
        chance = self.rng.random
        if chance() < 0.55:
            self._note(contact, self._later(who, sitting))
        if chance() < 0.15:
            self._note(contact, self._later(self._colleague_of(who), sitting))
        if chance() < 0.12:
            phones = [
                {"value": f"{contact.firm.phone};ext={self.rng.randint(100, 999)}", "type": "work"},
                *contact.values["phones"][1:],
            ]
            self._say(self._later(who, sitting), "edit", contact, {"phones": phones})
        if chance() < 0.1:
            tags = sorted({*contact.values["tags"], self.rng.choice(TAGS)})
            self._say(self._later(who, sitting), "edit", contact, {"tags": tags})
        if chance() < 0.07:
            self._say(
                self._later(who, sitting),
                "edit",
                contact,
                {"job_title": self.rng.choice(contact.firm.land.titles.split(","))},
            )
        if chance() < 0.04:
            self._say(self._later(who, sitting), "opt_out", contact, {})
        elif chance() < 0.03:
            self._say(self._later(who, sitting), "invalid", contact, {"address": contact.values["emails"][0]["value"]})
        if chance() < 0.02:
            self._move(contact, self._later(who, sitting))

    def _move(self, contact: Contact, sitting: Sitting) -> None:
        """Somebody changes firms: one tie ends, another begins."""
        known = {tie.firm for tie in contact.ties}
        firms = [f for f in self.firms if f.land is contact.firm.land and f not in known and self._is_known(f, sitting)]
        if not firms or not contact.ties:
            return
        day = sitting.at.date()
        tie = Tie(
            contact,
            self.rng.choice(firms),
            {"main": True, "since": day, "role": self.rng.choice(contact.firm.land.titles.split(","))},
        )
        self._say(sitting, "leave", contact.ties[0], {"until": day})
        self._say(sitting, "new tie", tie, tie.values)

    # ── what everybody does ──────────────────────────────────────────────────────────────────────────────────────────

    def _walk(self, what: Firm | Contact, stages: list[str], who: str, sitting: Sitting) -> None:
        """From stage to stage, some weeks apart, as far as the time goes."""
        for stage in stages[1:]:
            soonest = sitting.at + timedelta(days=self.rng.randint(5, 60))
            sitting = self._first(who, soonest)
            if sitting.at < soonest:
                return
            self._say(sitting, "edit", what, {"stage": stage})

    def _note(self, what: Firm | Contact, sitting: Sitting) -> None:
        speaks = self.colleagues[sitting.who].speaks
        text = self.rng.choice(NOTES[speaks]).format(
            product=self.rng.choice(PRODUCTS[speaks]), week=self.rng.randint(2, 50)
        )
        self._say(sitting, "note", what, {"text": text})

    def _colleague_of(self, who: str) -> str:
        team = self.colleagues[who].team
        return self.rng.choice(
            [c.key for c in COLLEAGUES if c.team == team or c.key == "ada" or c.key in TEAMS.values()]
        )

    def _first(self, who: str, at: datetime) -> Sitting:
        """The first sitting of `who`, or of whoever did her work then, from `at` on; the last there is when there is none."""
        if who == "luka" and at < self.arrival:
            stand_in = self._first(FORMER_OWNER, at)
            if stand_in.at < self.arrival:
                return stand_in
        if who == "luka":
            # When everything has been handed over.
            at = max(at, self.arrival + timedelta(days=20))
        return next((s for s in self.sittings[who] if s.at >= at), self.sittings[who][-1])

    def _later(self, who: str, sitting: Sitting) -> Sitting:
        """Some later sitting; rather soon than late. The same one when it was the last."""
        last = self.sittings[who][-1].at
        if last <= sitting.at:
            return sitting
        return self._first(who, sitting.at + (last - sitting.at) * max(0.01, self.rng.random() ** 1.3))

    def _say(self, sitting: Sitting, verb: str, what: Firm | Contact | Tie, values: dict[str, Any]) -> None:
        self.happenings.append(
            Happening(sitting.at + timedelta(minutes=MINUTES[verb]), sitting.who, verb, what, values)
        )
