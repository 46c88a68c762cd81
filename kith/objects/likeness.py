"""While somebody types a new record: whether it is there already, and what its mail address says it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kith.kernel.actor import Actor

from .access import fields as fields_of
from .access import may
from .declare import Field, ObjectType, object_type
from .duplicates import Alike, duplicates
from .query import listing

#: Houses where anybody has a mailbox: an address there says nothing about whom somebody works for.
ANYBODYS = frozenset((
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com", "icloud.com",
    "me.com", "mac.com", "aol.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "proton.me",
    "protonmail.com", "mail.ru", "yandex.ru", "yandex.com", "bk.ru", "inbox.ru", "rambler.ru", "qq.com", "163.com", "126.com",
    "sina.com", "foxmail.com", "naver.com", "daum.net", "orange.fr", "free.fr", "laposte.net", "wanadoo.fr", "libero.it",
    "virgilio.it", "seznam.cz", "wp.pl", "o2.pl", "onet.pl", "interia.pl", "luukku.com", "suomi24.fi", "siol.net", "zoho.com",
    "fastmail.com", "hey.com", "tutanota.com", "mail.com", "btinternet.com", "comcast.net", "verizon.net", "att.net",
    "rediffmail.com", "uol.com.br", "bol.com.br", "terra.com.br", "chmail.ir",
))  # fmt: skip
#: So many records whose page holds the words of a domain are compared with it.
LOOKED_AT = 20


@dataclass(frozen=True)
class Belongs:
    """That a domain leads to a record of a link field, or (`record` is None) to none that is there yet."""

    field: Field
    object: ObjectType
    domain: str
    record: Any = None


def alike(actor: Actor, o: ObjectType, values: Mapping[str, Any]) -> list[Alike]:
    """Records that may be what these values are about to become, by the object's own ways of telling."""
    draft = o.new()
    for name, value in values.items():
        field = o.fields[name]
        # A link is a number here and a record there; no way of being alike begins with one.
        if not field.target and not field.kind.is_empty(value):
            field.put(draft, value)
    return duplicates(actor, draft)


def belongs(actor: Actor, o: ObjectType, values: Mapping[str, Any]) -> Belongs | None:
    """What the domain of a mail address among `values` leads to: a record of an empty link field whose own page or address is there.

    The first link field whose object has a field of domains; None where no address tells anything.
    """
    mine = fields_of(actor, o, "create")
    domains = [d for n, v in values.items() if not mine[n].target for d in mine[n].kind.domains(v) if d not in ANYBODYS]
    if not domains:
        return None
    for field in mine.values():
        if not field.target or field.target not in ObjectType.known() or values.get(field.name):
            continue
        other = object_type(field.target)
        homes = homes_of(actor, other)
        if other is o or not homes or not may(actor, "view", other):
            continue
        for domain in dict.fromkeys(domains):
            rows = listing(
                actor, other, search=domain, columns=[other.title, *(f.name for f in homes)], limit=LOOKED_AT
            ).records
            for record in rows:
                if any(domain in f.kind.domains(f.get(record)) for f in homes):
                    return Belongs(field, other, domain, record)
        return Belongs(field, other, domains[0])
    return None


def homes_of(actor: Actor, o: ObjectType, verb: str = "view") -> list[Field]:
    """The fields by which a domain finds records of an object: searched, with one value that has a domain."""
    return [f for f in fields_of(actor, o, verb).values() if f.search and not f.kind.multiple and _has_domains(f)]


def _has_domains(field: Field) -> bool:
    return bool(field.kind.domains(field.kind.example(1))) if not field.target else False


__all__ = ["Belongs", "alike", "belongs", "homes_of"]
