"""`ObjectType` and `Field`: the shape of a declaration, and the registry of all objects.

Screens, API, import, reports and audit speak to these two and to kinds, never to an object by name. A field has one interface and
four carriers: `Column` (a real column), `Custom` (a key in the JSON column), `Computed` (an expression) and `Path` (through a link).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.db.models import F
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kith.kernel.actor import Actor
from kith.kernel.errors import UnknownField
from kith.kernel.expressions import JsonPart, LowerText
from kith.kernel.registry import Registry
from kith.kernel.viewer import NEUTRAL, Viewer

from .kinds.kind import Kind
from .kinds.order import Order

#: Classes of personal data. A text-like field says which it holds.
NONE, IDENTITY, CONTACT, FREE_TEXT, SPECIAL = "none", "identity", "contact", "free_text", "special"
#: Search weights.
TITLE, HIGH, LOW = "title", "high", "low"

#: Reads records of an object for whoever asks: what the gate hands to fields that show other records.
Reader = Callable[[Any], models.QuerySet[Any]]


@dataclass(frozen=True)
class Facts:
    """What is said about a field beside its kind. Platform features read these; none of them asks for a field by name."""

    pii: str | None = None
    search: str | None = None
    track: bool = False
    board: bool = False
    calendar: bool = False
    lookup: bool = False
    owner: bool = False
    aka: tuple[str, ...] = ()
    icon: str = ""
    #: Label of the list of records that link here, on the other record's page; False hides that list.
    related: Any = None
    #: Of an amount: the name of the date field of its record whose day's rate it is valued at; "" for the day it was entered.
    dated: str = ""
    #: Of a date: the name of the field that says when it is over; "" for what happens at one moment.
    until: str = ""
    #: Of a date: it comes again every year, as birthdays do.
    yearly: bool = False
    #: The title is the name of a firm: whoever links by it may leave out Oy, GmbH or 有限公司.
    legal_forms: bool = False
    #: What is taken for the value while a record has none of its own.
    assumed: Assumption | None = None


@dataclass(frozen=True)
class Assumed:
    """What a screen shows where a field is empty: a value of the field's kind, and in a sentence where it comes from.

    It is never stored, exported, searched or filtered by: the person's own value is the only one that counts as known. `certain` is
    False for a guess, and the screen says so.
    """

    value: Any
    reason: str
    certain: bool = True


#: (record, actor) → what is assumed, or None where nothing can be; asks only for what the actor may read.
Assumption = Callable[[Any, Actor], Assumed | None]


@dataclass(frozen=True)
class Section:
    """Fields that stand together on a form and on the record page."""

    label: Any
    names: tuple[str, ...]

    def __init__(self, label: Any, *names: str):
        object.__setattr__(self, "label", label)
        object.__setattr__(self, "names", names)


class Field:
    """One field of an object: where its value lies is the carrier's business, what it is the kind's."""

    writable = True
    filterable = True
    sortable = True
    #: Whether its value does not lie in the record's own row, so that a list has to load it (`attach`) before it is read.
    apart = False
    #: Whether it stands among the facts of a record's page; what is only a column of lists does not.
    fact = True

    def __init__(
        self,
        name: str,
        kind: Kind,
        label: Any,
        *,
        id: str = "",
        help: Any = "",
        required: bool = False,
        facts: Facts = Facts(),
    ):
        self.name = name
        self.id = id or name
        self.kind = kind
        self.label = label
        self.help = help
        self.required = required
        self.facts = facts
        #: The object that declares it; set when the object is made.
        self.object: ObjectType = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.object.key if self.object else '?'}.{self.name}>"

    # Facts read so often that they have short names.
    pii = property(lambda self: self.facts.pii)
    search = property(lambda self: self.facts.search)
    track = property(lambda self: self.facts.track)
    lookup = property(lambda self: self.facts.lookup)
    aka = property(lambda self: self.facts.aka)

    @property
    def icon(self) -> str:
        """Lucide name: the field's own or its kind's."""
        return self.facts.icon or self.kind.icon

    @property
    def target(self) -> str | None:
        """Key of the object that this field links to, or None."""
        return getattr(self.kind, "to", None)

    @property
    def inline(self) -> bool:
        """Whether it may be edited inside a list cell."""
        return self.writable and self.kind.inline

    def default(self) -> Any:
        """What a new record starts with."""
        return self.kind.empty

    def get(self, record: Any) -> Any:
        """The value that `record` has."""
        raise NotImplementedError

    def assumed(self, record: Any, actor: Actor) -> Assumed | None:
        """What is taken for the value while `record` has none of its own; None where it has one, and where nothing is known."""
        if self.facts.assumed is None or not self.kind.is_empty(self.get(record)):
            return None
        found = self.facts.assumed(record, actor)
        return None if found is None or self.kind.is_empty(found.value) else found

    @property
    def columns(self) -> list[str]:
        """Names of the model's columns that a write of this field touches."""
        return []

    def put(self, record: Any, value: Any) -> None:
        """Give `record` the value, in memory; only the write path calls this."""
        raise NotImplementedError

    def expression(self) -> Any:
        """The ORM expression of the stored, comparable value."""
        raise NotImplementedError

    def compared(self) -> Any:
        """What comparisons ask: the value's own expression, or that of the part that its kind names."""
        part = self.part(self.kind.compared_part) if self.kind.compared_part else None
        return part.expression() if part is not None else self.expression()

    def texts(self) -> list[tuple[Any, Callable[[str], str]]]:
        """Where the words of a composite value stand: (expression, how a word is spelt there)."""
        parts = [self.part(name) for name, kind in self.kind.parts.items() if kind.textual]
        return [(LowerText(part.expression()), str.lower) for part in parts if part is not None]

    def comparable(self, value: Any) -> Any:
        """An operand of a filter, as it is stored here."""
        return self.kind.comparable(value)

    def order(self, viewer: Viewer) -> Order:
        """What lists sort by for `viewer`."""
        return self.kind.order(self.expression(), viewer)

    def attach(self, records: list[Any], reader: Reader) -> None:
        """Load what showing this field for all `records` needs, in a constant number of queries."""

    def part(self, name: str) -> Field | None:
        """A part of a composite value, as a field of its own (`address.country`)."""
        kind = self.kind.parts.get(name)
        if kind is None and name in self.kind.kept:
            return Kept(self, name, self.kind.kept[name])
        return Part(self, name, kind) if kind is not None else None

    # What the write path keeps beside values of kinds that ask for it (`kind.kept`).

    def worth(self, record: Any) -> Any:
        """What is kept beside the value that `record` has, or None."""
        return None

    def keep(self, record: Any, worth: Any) -> None:
        """Keep it, in memory; only the write path calls this."""
        raise NotImplementedError

    @property
    def kept_columns(self) -> list[str]:
        """Names of the model's columns where it lies."""
        return []

    def kept_expression(self, what: str) -> Any:
        """The expression of `amount`, `currency`, `day` (of the rate) or `on` (for which it was valued) of what is kept."""
        raise NotImplementedError


class Part(Field):
    """One part of a composite value: `name.given`, `address.country`, `amount.currency`. Read, filtered and imported on its own."""

    def __init__(self, whole: Field, part: str, kind: Kind):
        label = getattr(kind, "part_label", None) or kind.label
        super().__init__(
            f"{whole.name}.{part}",
            kind,
            label,
            id=f"{whole.id}.{part}",
            facts=replace(whole.facts, aka=(), track=False),
        )
        self.whole, self.part_name = whole, part
        self.object = whole.object
        self.writable = False  # written through the whole

    def get(self, record: Any) -> Any:
        value = self.whole.get(record)
        return self.kind.empty if self.whole.kind.is_empty(value) else self.whole.kind.part(value, self.part_name)

    def expression(self) -> Any:
        return self.whole.part_expression(self.part_name, self.kind)  # type: ignore[attr-defined]


class Derived(Field):
    """A value that is made in Python of what else is known of a record: shown, never written, sorted, filtered or exported by itself.

    `prepare(records, actor)` gives, in a constant number of queries, a function that makes the value of one of them.
    """

    apart = True
    writable = False
    filterable = False
    sortable = False
    fact = False

    def __init__(
        self,
        name: str,
        kind: Kind,
        label: Any,
        prepare: Callable[[list[Any], Actor], Callable[[Any], Any]],
        **rest: Any,
    ):
        super().__init__(name, kind, label, **rest)
        self._prepare = prepare

    def attach(self, records: list[Any], reader: Reader) -> None:
        actor = getattr(reader, "actor", None)
        if actor is None:
            return
        value_of = self._prepare(records, actor)
        for record in records:
            record.attached[self.name] = value_of(record)

    def get(self, record: Any) -> Any:
        return record.attached.get(self.name, self.kind.empty)

    def expression(self) -> Any:
        raise NotImplementedError("A derived value is made in Python: it is neither sorted nor filtered by.")


class Kept(Part):
    """What the write path keeps beside a value: `amount.base`."""

    def __init__(self, whole: Field, part: str, kind: Kind):
        super().__init__(whole, part, kind)
        self.label = format_lazy("{} · {}", whole.label, kind.label)

    def get(self, record: Any) -> Any:
        worth = self.whole.worth(record)
        return worth.base if worth is not None else self.kind.empty

    def expression(self) -> Any:
        return self.whole.kept_expression("amount")

    def compared(self) -> Any:
        return self.expression()

    def order(self, viewer: Viewer) -> Order:
        return Order(self.expression())

    def currency_expression(self) -> Any:
        """The expression of the currency that it is in."""
        return self.whole.kept_expression("currency")


class Computed(Field):
    """A value that the database computes: an ORM expression, never written."""

    apart = True
    writable = False

    def __init__(self, name: str, kind: Kind, label: Any, expression: Callable[[], Any], **rest: Any):
        super().__init__(name, kind, label, **rest)
        self._expression = expression

    def expression(self) -> Any:
        return self._expression()

    @property
    def annotation(self) -> str:
        """The name under which lists ask for it."""
        return f"c_{self.name}"

    def get(self, record: Any) -> Any:
        raw = getattr(record, self.annotation, None)
        return self.kind.unpack(raw) if self.kind.stores_packed else raw


class Path(Field):
    """A field of a linked record: `company.country`. Shown and filtered, never written; only records that the actor may see count."""

    apart = True
    writable = False
    sortable = False

    def __init__(self, link: Field, inner: Field):
        super().__init__(
            f"{link.name}.{inner.name}", inner.kind, inner.label, id=f"{link.id}.{inner.id}", facts=Facts(pii=inner.pii)
        )
        self.link, self.inner = link, inner
        self.object = link.object

    def get(self, record: Any) -> Any:
        found = record.attached.get(self.name)
        return self.kind.empty if found is None else self.inner.get(found)

    def attach(self, records: list[Any], reader: Reader) -> None:
        ids = {r.pk: ref.id for r in records if (ref := _first(self.link.get(r)))}
        linked = {r.pk: r for r in reader(self.link.target).filter(pk__in=set(ids.values()))}
        self.inner.attach(list(linked.values()), reader)
        for record in records:
            record.attached[self.name] = linked.get(ids.get(record.pk))

    def expression(self) -> Any:
        raise NotImplementedError("A path is filtered through the gate of its target, see filters.compile.")


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) and value else value or None


@dataclass(frozen=True)
class Related:
    """A list of other records that link to one: `object`'s records whose `field` holds it."""

    key: str
    object: ObjectType
    field: Field
    label: Any


@dataclass(frozen=True)
class Due:
    """Which fields say when a record is due (a date or a moment) and whose it is (a link to a user), and which records wait for it: `open`
    is a condition of the filter language, "" for all."""

    when: str
    whose: str
    open: str = ""


class ObjectType:
    """A sort of record, as every surface sees it. Made from a model's declaration or from rows that users wrote."""

    registry: Registry[ObjectType] = Registry("object")

    def __init__(
        self,
        key: str,
        *,
        model: Any,
        label: Any,
        plural: Any,
        new: Any = "",
        fields: Iterable[Field],
        title: str,
        slug: str = "",
        icon: str = "square",
        list: Iterable[str] = (),
        form: Iterable[Section] = (),
        quick: Iterable[str] = (),
        nav: bool = True,
        follows: str | None = None,
        rules: Iterable[Callable[..., None]] = (),
        help: Any = "",
        base: Mapping[str, Any] | None = None,
        subject: str | None = None,
        duplicates: Iterable[str] = (),
        alike: Iterable[Iterable[str]] = (),
        next_step: tuple[str, str] | None = None,
        due: Due | None = None,
        about: Iterable[str] = (),
        body: str = "",
        highlights: Iterable[str] = (),
        sort: str = "",
        common: bool = False,
        example: Mapping[str, Any] | None = None,
    ):
        self.key, self.model, self.label, self.plural, self._new = key, model, label, plural, new
        self.slug = slug or key.rsplit(".", 1)[-1].replace("_", "-")
        self.icon, self.nav, self.follows, self.help = icon, nav, follows, help
        self.title = title
        self.own: dict[str, Field] = {}
        for field in fields:
            field.object = self
            self.own[field.name] = field
        #: Fields that users added; replaced as a whole when definitions change.
        self.custom: dict[str, Field] = {}
        self.list = tuple(list) or (title, *[f.name for f in self.own.values() if f.writable and f.name != title][:7])
        self._form = tuple(form)
        self._quick = tuple(quick)
        self.rules = tuple(rules)
        #: What every record of this object has in its table (the shared table of user-made objects).
        self.base = dict(base or {})
        self.subject, self.duplicates = subject, tuple(duplicates)
        #: Names of fields, each group of which tells that two records may be one and the same; see `objects.duplicates`.
        self.alike = tuple(tuple(way) for way in alike)
        #: The fields that say what comes next with a record, and by when.
        self.next_step = next_step
        self._due = due
        #: Names of links: what happens to a record stands in the timelines of those that it links to by these, too.
        self.about = tuple(about)
        #: The field whose text is shown below “created” in those timelines, as it is now; "" for none.
        self.body = body
        #: Keys of what stands in the strip of a record's page until an administrator chooses otherwise.
        self.highlights = tuple(highlights)
        self.sort = sort or "-changed_at"
        #: Everybody who is signed in reads its records, and administrators alone write them: facts of the house, nobody's work.
        self.common = common
        #: A record that is not there, shown by an empty list and to programs: field → value, as its kind cleans it.
        #: The title's first example where nobody says.
        self.example = dict(example or {})

    def __repr__(self) -> str:
        return f"<object {self.key}>"

    @property
    def new_label(self) -> str:
        """What the button says that makes one: the object's own phrase, since “new” agrees with the noun in many languages."""
        return str(self._new or _("New: %(object)s") % {"object": self.label})

    # ── fields ───────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def fields(self) -> dict[str, Field]:
        """All fields by name: declared, then user-made."""
        return {**self.own, **self.custom} if self.custom else self.own

    def field(self, path: str) -> Field:
        """The field that `path` names: `amount`, `address.country`, `company.address.country` through one link."""
        head, _, rest = str(path).partition(".")
        field = self.fields.get(head)
        if field is not None and not rest:
            return field
        if field is not None:
            part = field.part(rest)
            if part is not None:
                return part
            if field.target and field.target in ObjectType.known():
                inner = object_type(field.target).field(rest)
                if not isinstance(inner, Path):
                    return Path(field, inner)
        raise UnknownField(str(path)[:80], self.label)

    @property
    def form(self) -> tuple[Section, ...]:
        """Sections of the form; fields that no section names, user-made ones among them, stand in a last one."""
        named = {name.partition(".")[0] for section in self._form for name in section.names}
        rest = [f.name for f in self.fields.values() if f.writable and f.name not in named]
        if not rest:
            return self._form
        return (*self._form, Section(_("More fields") if self._form else self.label, *rest))

    @property
    def quick(self) -> tuple[str, ...]:
        """Fields of quick create: those named, else title and required ones."""
        if self._quick:
            return self._quick
        return tuple(dict.fromkeys([self.title, *(f.name for f in self.fields.values() if f.required and f.writable)]))

    @property
    def title_field(self) -> Field:
        """The field that names a record."""
        return self.fields[self.title]

    @property
    def owner_field(self) -> Field | None:
        """The field that says whose a record is, or None."""
        return next((f for f in self.own.values() if f.facts.owner), None)

    @property
    def due(self) -> Due | None:
        """When its records are due and whose they are: as declared, else by their next step; None where nothing is ever due."""
        if self._due is None and self.next_step is not None and self.owner_field is not None:
            what, when = self.next_step
            return Due(when, self.owner_field.name, f"{what}:filled")
        return self._due

    # ── records ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def title_of(self, record: Any, viewer: Viewer = NEUTRAL) -> str:
        """The record's name as text; "#7" when it has none."""
        return self.title_field.kind.format(self.title_field.get(record), viewer) or f"#{record.pk}"

    def url(self, record_id: int | None = None) -> str:
        """Address of the list, or of one record: one shape for every object."""
        return f"/{self.slug}/" if record_id is None else f"/{self.slug}/{record_id}/"

    def new(self) -> Any:
        """An unsaved record with every default."""
        record = self.model(**self.base)
        for field in self.fields.values():
            if field.writable:
                field.put(record, field.default())
        return record

    @property
    def related(self) -> tuple[Related, ...]:
        """Lists of records that link to this object."""
        links = ((other, field) for other in object_types() for field in other.fields.values())
        return tuple(
            Related(f"{other.key}:{field.name}", other, field, field.facts.related or other.plural)
            for other, field in links
            if field.target == self.key and field.facts.related is not False
        )

    # ── registry ─────────────────────────────────────────────────────────────────────────────────────────────────────

    #: Objects that users made, by key; replaced as a whole when definitions change.
    made: dict[str, ObjectType] = {}

    @classmethod
    def known(cls) -> set[str]:
        """Keys of all objects there are."""
        return {*cls.registry.keys(), *cls.made}


def object_types() -> Iterator[ObjectType]:
    """All objects, in the order rooms contributed them, user-made ones last."""
    yield from ObjectType.registry
    yield from ObjectType.made.values()


def object_type(what: Any) -> ObjectType:
    """The object for a key, a model class, a record or an object; KeyError for an unknown key."""
    if isinstance(what, ObjectType):
        return what
    if isinstance(what, str):
        found = ObjectType.registry.get(what) or ObjectType.made.get(what)
        if found is None:
            raise KeyError(f"There is no object {what!r}.")
        return found
    own = getattr(what, "object_key", None)
    key = own() if callable(own) and not isinstance(what, type) else getattr(what, "crm_key", None)
    if key is None:
        raise KeyError(f"{what!r} is not an object.")
    return object_type(key)


def by_slug(slug: str) -> ObjectType | None:
    """The object whose address starts with `slug`, or None."""
    return next((o for o in object_types() if o.slug == slug), None)


def stored_part(attname: str, kind: Kind, part: str, part_kind: Kind) -> Any:
    """The expression of one part of a packed composite column: its companion column where there is one, else the JSON value."""
    if part in kind.companions():
        return F(f"{attname}_{part}")
    return JsonPart(F(attname), part, output=part_kind.packed_as)
