"""One batch of drafts through the steps of the write path. A single change is a batch of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from kith.events.facts import make_event, record_events
from kith.events.models import Event
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Invalid, KithError, Missing, Refused, Stale, UnknownField
from kith.kernel.sentences import counted

from ..access import deputised, may, visible
from ..access import fields as fields_of
from ..columns import LinkColumn, ManyLinksColumn
from ..declare import Field, ObjectType
from ..query import reader, visible_to
from . import booking, indexing
from .drafts import Difference, Draft, Outcome
from .links import Links

CHANGES = ("created", "changed", "removed", "restored", "undone")
#: verb → (right that the stored record is checked for, event, state of the outcome)
VERBS = {
    "create": ("create", "created", "created"),
    "change": ("change", "changed", "changed"),
    "remove": ("remove", "removed", "removed"),
    "restore": ("remove", "restored", "restored"),
    "purge": ("remove", "purged", "purged"),
    "undo_create": ("remove", "undone", "purged"),
}


class NotAllowed(Exception):
    """These drafts lead to a state that the actor may not make."""

    def __init__(self, drafts: list[Draft], error: KithError):
        super().__init__(str(error))
        self.drafts, self.error = drafts, error


@dataclass
class Work:
    """A draft on its way: the stored record, values wanted, what differs."""

    outcome: Outcome
    draft: Draft
    record: Any = None
    fresh: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    old: dict[str, Any] = field(default_factory=dict)
    #: field name → (old packed, new packed)
    diff: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    #: The absent colleague in whose place the actor does this, if only that gives her the right.
    deputy_for: str = ""
    #: Columns that are kept beside changed values, or depend on them.
    kept: set[str] = field(default_factory=set)

    def refuse(self, error: KithError) -> None:
        """Stop here."""
        self.outcome.error, self.outcome.state = error, "refused"


class Batch:
    """The steps, in order; each works on all drafts that are still standing."""

    def __init__(self, actor: Actor, o: ObjectType, outcomes: list[Outcome]):
        self.actor, self.o = actor, o
        self.all = [Work(outcome, outcome.draft) for outcome in outcomes]
        self.links = Links(actor)

    @property
    def standing(self) -> list[Work]:
        """Drafts not refused so far."""
        return [w for w in self.all if w.outcome.error is None]

    def of(self, *verbs: str) -> list[Work]:
        """Those of the standing drafts with one of these verbs."""
        return [w for w in self.standing if w.draft.verb in verbs]

    def run(self) -> None:
        """Take all drafts through. Raises NotAllowed, with everything rolled back by the caller."""
        self.authorise()
        self.accept_and_clean()
        self.resolve_links()
        self.apply()
        self.check_rules()
        self.check_versions()
        self.value()
        self.store()
        self.store_links()
        self.index()
        self.authorise_result()
        self.tell()

    # ── before ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def authorise(self) -> None:
        """The right is checked on the record as stored, and the rows are locked."""
        creating = self.of("create")
        if creating and not may(self.actor, "create", self.o):
            for work in creating:
                work.refuse(Forbidden(_("You may not create %(objects)s.") % {"objects": self.o.plural}))
        for verb in ("change", "remove", "restore", "purge", "undo_create"):
            works = self.of(verb)
            if not works:
                continue
            ids = [w.draft.record.pk for w in works]
            trash = {"change": False, "remove": False, "restore": True, "purge": True, "undo_create": None}[verb]
            right = visible(self.actor, self.o, VERBS[verb][0])
            if verb == "undo_create" and self.actor.user_id and not self.actor.is_narrowed:
                # Whoever made a record may undo having made it.
                right = right | (Q(**self.o.base) & Q(created_by=self.actor.user_id))
            rows = models.QuerySet(self.o.model).filter(right, pk__in=ids)
            if trash is not None:
                rows = rows.filter(removed_at__isnull=not trash)
            locked = {r.pk: r for r in rows.order_by("pk").select_for_update()}
            seen: set[int] | None = None
            for work in works:
                work.record = locked.get(work.draft.record.pk)
                if work.record is None:
                    if seen is None:
                        seen = set(
                            visible_to(self.actor, self.o, trash=trash).filter(pk__in=ids).values_list("pk", flat=True)
                        )
                    known = work.draft.record.pk in seen
                    work.refuse(
                        Forbidden(_("You may see this record, but not do this with it.")) if known else Missing()
                    )
            told = deputised(self.actor, self.o, VERBS[verb][0], list(locked)) if verb != "undo_create" else {}
            for work in works:
                work.deputy_for = told.get(work.draft.record.pk, "")

    def accept_and_clean(self) -> None:
        """Only writable fields are taken; each is cleaned by its kind; all faults of a draft are told together."""
        writable = {verb: fields_of(self.actor, self.o, verb) for verb in ("create", "change")}
        seen = fields_of(self.actor, self.o)
        self._load_links(self.of("change"))
        for work in self.of("create", "change"):
            if work.draft.verb == "create":
                work.record, work.fresh = self.o.new(), True
            errors: dict[str, list[str]] = {}
            for name, value in self._wholes(work, seen, errors).items():
                wanted = writable[work.draft.verb].get(name)
                if wanted is None:
                    known = seen.get(name)
                    fault: KithError = (
                        Forbidden(_("You may not change “%(field)s”.") % {"field": known.label})
                        if known
                        else UnknownField(name, self.o.label)
                    )
                    work.refuse(fault)
                    break
                try:
                    work.values[name] = wanted.kind.clean(value)
                    work.fields[name] = wanted
                except Refused as refusal:
                    errors.setdefault(name, []).append(str(refusal))
            if work.outcome.error is None and errors:
                work.refuse(Invalid(errors))
        self._fill_defaults()

    def _wholes(self, work: Work, seen: dict[str, Field], errors: dict[str, list[str]]) -> dict[str, Any]:
        """Parts (`name.given`) put together with what comes along as a whole, or else with what is there; whole values as they are."""
        wholes: dict[str, Any] = {}
        parts: dict[str, dict[str, Any]] = {}
        for name, value in work.draft.values.items():
            head, dot, part = str(name).partition(".")
            if dot and head in seen and part in seen[head].kind.parts:
                parts.setdefault(head, {})[part] = value
            else:
                wholes[str(name)] = value
        for head, given in parts.items():
            whole = seen[head]
            try:
                cleaned = {part: whole.kind.parts[part].clean(value) for part, value in given.items()}
                there = whole.kind.clean(wholes[head]) if head in wholes else whole.get(work.record)
                wholes[head] = whole.kind.assemble(cleaned, there)
            except Refused as refusal:
                errors.setdefault(head, []).append(str(refusal))
        return wholes

    def _fill_defaults(self) -> None:
        owner = self.o.owner_field
        for work in self.of("create"):
            if owner is not None and owner.name not in work.values and self.actor.user_id:
                work.values[owner.name] = owner.kind.clean(self.actor.user_id)
                work.fields[owner.name] = owner

    def _load_links(self, works: list[Work]) -> None:
        """Several links live in rows of their own: what is linked now, whatever the actor may see of it."""
        for many in self._many():
            names = [w for w in works if w.draft.verb == "change" and many.name in w.draft.values]
            if names:
                now: dict[int, list[int]] = {}
                for ours, theirs in many.pairs([w.record.pk for w in names]):
                    now.setdefault(ours, []).append(theirs)
                for work in names:
                    many.put(work.record, many.kind.clean(now.get(work.record.pk, [])))

    def _many(self) -> list[ManyLinksColumn]:
        return [f for f in self.o.own.values() if isinstance(f, ManyLinksColumn)]

    def resolve_links(self) -> None:
        """Links are looked up and checked as reads, for all drafts together."""
        linking = [(w, n, f) for w in self.of("create", "change") for n, f in w.fields.items() if f.target]
        for work, name, wanted in linking:
            if self._same_links(work, wanted, work.values[name]):
                continue
            self.links.gather(wanted, work.values[name])
        self.links.answer()
        errors: dict[int, dict[str, list[str]]] = {}
        for work, name, wanted in linking:
            if self._same_links(work, wanted, work.values[name]):
                continue
            try:
                found = self.links.resolve(wanted, work.values[name], self._linked(work, wanted))
                work.values[name] = self._keep_unseen(work, wanted, found)
            except Refused as refusal:
                errors.setdefault(id(work), {}).setdefault(name, []).append(str(refusal))
        for work in self.of("create", "change"):
            if id(work) in errors:
                work.refuse(Invalid(errors[id(work)]))

    @staticmethod
    def _linked(work: Work, wanted: Field) -> frozenset[int]:
        """Ids that the record links to now."""
        now = wanted.get(work.record)
        return (
            frozenset()
            if work.fresh or not now
            else frozenset(link.id for link in (now if isinstance(now, tuple) else (now,)))
        )

    def _same_links(self, work: Work, wanted: Field, value: Any) -> bool:
        return not work.fresh and wanted.kind.pack(wanted.get(work.record)) == _packed_links(wanted, value)

    def _keep_unseen(self, work: Work, wanted: Field, value: Any) -> Any:
        """A list of links leaves alone what its writer cannot see: she neither kept nor dropped it."""
        if not wanted.kind.multiple or work.fresh or wanted.target == "identity.user":
            return value
        now = [link.id for link in wanted.get(work.record)]
        gone = set(now) - {link.id for link in value}
        if not gone:
            return value
        seen = set(reader(self.actor)(wanted.target).filter(pk__in=gone).values_list("pk", flat=True))
        return (*value, *(link for link in wanted.get(work.record) if link.id in gone - seen))

    # ── the change, in memory ────────────────────────────────────────────────────────────────────────────────────────

    def apply(self) -> None:
        """Put the values on the record and see what differs."""
        for work in self.of("create", "change"):
            faults: dict[str, list[str]] = {}
            for name, wanted in work.fields.items():
                # Before it was made, nothing stood there: what a field begins with is no value that it had.
                old = wanted.kind.empty if work.fresh else wanted.get(work.record)
                before, after = wanted.kind.pack(old), wanted.kind.pack(work.values[name])
                if before != after or work.fresh:
                    work.old[name] = old
                    wanted.put(work.record, work.values[name])
                    if before != after or (work.fresh and not wanted.kind.is_empty(work.values[name])):
                        work.diff[name] = (before, after)
                if wanted.required and wanted.kind.is_empty(work.values[name]):
                    faults.setdefault(name, []).append(_("%(field)s is required.") % {"field": wanted.label})
            if work.fresh:
                for name, wanted in self.o.fields.items():
                    if name in work.fields or not wanted.writable:
                        continue
                    value = wanted.get(work.record)
                    if wanted.required and wanted.kind.is_empty(value):
                        faults.setdefault(name, []).append(_("%(field)s is required.") % {"field": wanted.label})
                    elif not wanted.kind.is_empty(value):
                        # Defaults are part of what was created.
                        work.diff[name] = (wanted.kind.pack(wanted.kind.empty), wanted.kind.pack(value))
                        work.fields[name] = wanted
            if faults:
                work.refuse(Invalid(faults))

    def check_rules(self) -> None:
        """The room's own rules: functions of (actor, record, names of changed fields) that raise Refused."""
        for work in self.of("create", "change"):
            if not work.diff:
                continue
            try:
                for rule in self.o.rules:
                    rule(self.actor, work.record, set(work.diff))
            except Refused as refusal:
                work.refuse(refusal)

    def check_versions(self) -> None:
        """An edit of an old version is merged when others changed other fields, refused with the difference when they changed the same."""
        for work in self.standing:
            read = work.draft.version
            if read is None or work.fresh or work.record.version == read:
                continue
            if read > work.record.version:
                work.refuse(Refused(_("This version of the record is not known. Reload the page.")))
                continue
            since = Event.objects.filter(object=self.o.key, record=work.record.pk, name__in=CHANGES).order_by("-pk")
            differences: dict[str, Difference] = {}
            for event in since[: work.record.version - read]:
                for name, (before, after) in work.diff.items():
                    wanted = work.fields[name]
                    if wanted.id in event.data and name not in differences:
                        kind = wanted.kind
                        differences[name] = Difference(
                            wanted, kind.unpack(after), kind.unpack(before), event.actor_name, event.at
                        )
            if differences:
                work.refuse(Stale(list(differences.values()), work.record))

    def value(self) -> None:
        """Amounts that changed, or whose record's date did, are valued in the base currency."""
        due = []
        for money in (f for f in self.o.fields.values() if f.kind.kept):
            for work in self.of("create", "change"):
                if money.name in work.diff or (money.facts.dated and money.facts.dated in work.diff):
                    due.append((work.record, money))
                    work.kept.update(money.kept_columns)
        booking.value(due)

    # ── storing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def store(self) -> None:
        """Write changed columns, set-based."""
        now = clock.now()
        made = self.of("create")
        for work in made:
            work.record.created_at = work.record.changed_at = now
            work.record.created_by_id = self.actor.user_id
        if made:
            models.QuerySet(self.o.model).bulk_create([w.record for w in made], batch_size=500)
        changed = [w for w in self.of("change") if w.diff]
        for work in changed:
            self._touch(work.record, now)
        touched = {c for w in changed for n in w.diff for c in w.fields[n].columns} | {
            c for w in changed for c in w.kept
        }
        self._update(changed, touched | {"changed_at", "version"})
        moved = self.of("remove", "restore")
        for work in moved:
            self._touch(work.record, now)
            work.record.removed_at = now if work.draft.verb == "remove" else None
            work.record.removed_by_id = self.actor.user_id if work.draft.verb == "remove" else None
        self._update(moved, {"removed_at", "removed_by", "changed_at", "version"})
        gone = self.of("purge", "undo_create")
        if gone:
            self._purge(gone)

    @staticmethod
    def _touch(record: Any, now: Any) -> None:
        record.changed_at, record.version = now, record.version + 1

    def _update(self, works: list[Work], columns: set[str]) -> None:
        if not works:
            return
        rows = models.QuerySet(self.o.model)
        if len(works) == 1:
            record = works[0].record
            values = {c: getattr(record, self.o.model._meta.get_field(c).attname) for c in columns}
            # Compare and set: where the engine does not lock rows, the version decides.
            if not rows.filter(pk=record.pk, version=record.version - 1).update(**values):
                raise NotAllowed(
                    [works[0].draft], Refused(_("Somebody changed this record at the same moment. Try again."))
                )
            return
        rows.bulk_update([w.record for w in works], sorted(columns), batch_size=200)

    def _purge(self, works: list[Work]) -> None:
        from .purge import let_go

        ids = [w.record.pk for w in works]
        let_go(self.actor, self.o, ids)
        try:
            models.QuerySet(self.o.model).filter(pk__in=ids).delete()
        except models.ProtectedError as fault:
            held = {o.pk for o in fault.protected_objects}
            raise NotAllowed(
                [w.draft for w in works],
                Refused(_("Other records still need this one (%(n)s).") % {"n": counted(len(held))}),
            ) from fault

    def store_links(self) -> None:
        """Several links: rows of the table between."""
        from .many import store

        for many in self._many():
            works = [w for w in self.of("create", "change") if many.name in w.diff]
            if works:
                store(self.actor, many, [(w.record, [ref.id for ref in many.get(w.record)]) for w in works])

    def index(self) -> None:
        """Keys and search rows follow in the same transaction."""
        made = [w.record for w in self.of("create")]
        back = [w.record for w in self.of("restore")]
        read = reader(self.actor)
        for wanted in self.o.fields.values():
            if wanted.target and wanted.search and (made or back):
                wanted.attach(made + back, read)
        indexing.write(self.o, made, fresh=True)
        indexing.write(self.o, back)
        alike: dict[tuple[str, ...], list[Any]] = {}
        for work in self.of("change"):
            if touched := tuple(sorted(n for n in work.diff if indexing.concerns(work.fields[n]))):
                alike.setdefault(touched, []).append(work.record)
        for names, records in alike.items():
            indexing.write(self.o, records, [self.o.fields[n] for n in names])
        indexing.forget(self.o, [w.draft.record.pk for w in self.of("remove", "purge", "undo_create")])

    # ── after ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def authorise_result(self) -> None:
        """The right is checked again on what came out, so that nobody moves a record where she may not write."""
        for verb in ("create", "change"):
            works = [w for w in self.of(verb) if w.fresh or w.diff]
            if not works:
                continue
            right = verb if not (self.o.follows and verb == "create") else "change"
            ids = {w.record.pk for w in works}
            allowed = set(
                models.QuerySet(self.o.model)
                .filter(visible(self.actor, self.o, right), pk__in=ids)
                .values_list("pk", flat=True)
            )
            if refused := [w.draft for w in works if w.record.pk not in allowed]:
                raise NotAllowed(
                    refused, Forbidden(_("This would put the record where you may not write: choose another owner."))
                )
            if verb == "create":
                told = deputised(self.actor, self.o, verb, sorted(ids))
                for work in works:
                    work.deputy_for = told.get(work.record.pk, "")

    def _concerned(self, record: Any) -> list[tuple[str, int]]:
        """Records whose timeline shows what happens to one: those that its object names, and all links of what only hangs on others."""
        links = [
            (f.target, f.get(record))
            for f in self.o.own.values()
            if isinstance(f, LinkColumn) and f.target != "identity.user" and (self.o.follows or f.name in self.o.about)
        ]
        return [(target or "", link.id) for target, link in links if link is not None]

    def tell(self) -> None:
        """The ledger, and everybody who waits for it."""
        events: list[Event] = []
        about: dict[int, list[tuple[str, int]]] = {}
        for work in self.standing:
            work.outcome.record = work.record
            _right, name, state = VERBS[work.draft.verb]
            if work.draft.verb == "change" and not work.diff:
                work.outcome.state = "unchanged"
                continue
            work.outcome.state = state
            data = {work.fields[n].id: [before, after] for n, (before, after) in work.diff.items()}
            if self.o.follows or self.o.about:
                about[len(events)] = self._concerned(work.record)
            pk = work.draft.record.pk if work.draft.record is not None else work.record.pk
            gone = work.draft.verb in ("purge", "undo_create")
            version = None if gone else work.record.version
            event = work.draft.event or name
            events.append(make_event(self.actor, event, self.o.key, pk, data, work.deputy_for, version))
        record_events(events, about)


def _packed_links(wanted: Field, value: Any) -> Any:
    """Ids of a link value; something that equals nothing while words are still unresolved."""
    try:
        return wanted.kind.pack(value)
    except (AttributeError, Refused):
        return object()
