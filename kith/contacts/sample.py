"""The room's sample data: a handful of the demo's firms with their people, as somebody new would enter them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from kith.objects.samples import Item, Sample, To

from .demo.book import Contact, Firm, make_book
from .demo.house import NOTES, PRODUCTS

#: A twentieth of the demo's book: 22 firms, one or more in each country, 100 people.
SEED, SCALE = 20261122, 0.05


def items(today: date) -> Iterator[Item]:
    """Firms, those above others first; then people, then who belongs where."""
    rng = Random(SEED)  # noqa: S311 - a story, no secret
    firms = make_book(rng, today, SCALE)
    names = {id(firm): f"firm {n}" for n, firm in enumerate(firms)}
    for firm in sorted(firms, key=lambda f: f.parent is not None):
        above = {"parent": To(names[id(firm.parent)])} if firm.parent is not None else {}
        yield Item(names[id(firm)], "contacts.company", {**_stage(firm), **above}, _notes(rng, firm.land.language))
    people = [person for firm in firms for person in firm.people]
    for n, person in enumerate(people):
        yield Item(f"person {n}", "contacts.person", _stage(person), _notes(rng, person.firm.land.language))
    for n, person in enumerate(people):
        for number, tie in enumerate(person.ties):
            links = {"person": To(f"person {n}"), "company": To(names[id(tie.firm)])}
            yield Item(f"tie {n}.{number}", "contacts.affiliation", {**tie.values, **links})


def _stage(what: Firm | Contact) -> dict[str, Any]:
    return {**what.values, "stage": what.stages[-1]}


def _notes(rng: Random, language: str) -> tuple[str, ...]:
    """A note for every third, in the language of the place where the demo's colleagues write in it."""
    if rng.random() > 0.35:
        return ()
    speaks = language if language in NOTES else "en"
    return (rng.choice(NOTES[speaks]).format(product=rng.choice(PRODUCTS[speaks]), week=rng.randint(2, 50)),)


SAMPLE = Sample("contacts", items)
