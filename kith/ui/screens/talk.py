"""Notes on a record: written, answered, changed, removed; and what is offered while somebody types @, # or /."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.events.models import Event
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.sentences import listed, together
from kith.kernel.text import fold
from kith.objects.access.reasons import who_sees
from kith.objects.actions import act
from kith.objects.declare import ObjectType
from kith.objects.kinds.kind import new_key
from kith.objects.query import find, listing
from kith.objects.write import first_time
from kith.threads import marks, notes
from kith.threads.snippets import snippets

from .. import panels
from ..render import answer, draw, navigable, onward, page, partial, toast, wants_part

#: Offered at once: people, records of each object, snippets.
PEOPLE, EACH, TEXTS = 8, 4, 8


def note(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """Write a note, or with `answers` answer one. The same form sent twice writes one."""
    record = find(actor, o, pk)
    typed, key = request.POST.get("text", ""), request.POST.get("once", "") or new_key()
    to = _number(request.POST.get("answers", ""))
    text = marks.with_tokens(typed.replace("\r\n", "\n"), request.POST.getlist("mark"))
    try:
        with transaction.atomic():
            fresh = first_time(actor, key, o.key, pk, text, to)
            if fresh and to:
                act(actor, "answer_note", record, to=to, text=text)
            elif fresh:
                act(actor, "add_note", record, text=text)
    except Refused as refusal:
        if not wants_part(request):
            raise
        return _again(request, o, record, typed, key, to, said(refusal))
    event = _added(request, o, pk) if fresh else None
    sentence = _("Note added.") if fresh else _("Already saved.")
    if event:
        sentence = together(sentence, _not_told(record, event))
    if not wants_part(request):
        return onward(request, o.url(pk), sentence)
    pieces = [
        story(request, actor, o, record, fresh=to or event),
        toast(request, sentence, undo=request.cause if fresh else ""),
    ]
    if not to:
        pieces.insert(0, _composer(request, o, record))
    return answer(request, *pieces)


def change(request: Any, actor: Actor, o: ObjectType, pk: int, note: int) -> HttpResponse:
    """GET: the note as its author edits it. POST: keep it as it is now."""
    record = find(actor, o, pk)
    row = notes.note_of(record, note)
    if request.method == "GET":
        shown, known = marks.editable(row.text, marks.names(actor, [row.text]))
        return _editor(request, actor, o, record, row, shown, known, row.version)
    typed, chosen = request.POST.get("text", ""), request.POST.getlist("mark")
    version = _number(request.POST.get("version", ""))
    text = marks.with_tokens(typed.replace("\r\n", "\n"), chosen)
    try:
        act(actor, "change_note", record, note=note, text=text, version=version)
    except Refused as refusal:
        return _editor(request, actor, o, record, row, typed, chosen, version or row.version, said(refusal))
    sentence = together(_("Note changed."), _not_told(record, note))
    if not wants_part(request):
        return onward(request, f"{o.url(pk)}#e{note}", sentence, undo=request.cause)
    return answer(
        request,
        story(request, actor, o, record, fresh=row.answers or note),
        toast(request, sentence, undo=request.cause),
    )


def remove(request: Any, actor: Actor, o: ObjectType, pk: int, note: int) -> HttpResponse:
    """Remove a note of one's own."""
    record = find(actor, o, pk)
    act(actor, "remove_note", record, note=note)
    if not wants_part(request):
        return onward(request, o.url(pk), _("Note removed."), undo=request.cause)
    return answer(request, story(request, actor, o, record), toast(request, _("Note removed."), undo=request.cause))


def past(request: Any, actor: Actor, o: ObjectType, pk: int, note: int) -> HttpResponse:
    """What a note said before, for everybody who sees the record."""
    record = find(actor, o, pk)
    before = notes.past(record, note)
    known = marks.names(actor, (text for _at, _by, text in before))
    rows = [(at, by, marks.pieces(text, known, actor.user_id)) for at, by, text in before]
    context = {"object": o, "record": record, "url": o.url(pk), "rows": rows, "note": note}
    return page(request, "ui/pages/note_past.html", context, part="ui/parts/note_past.html")


def suggest(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """What fits the word that somebody types after @ (people who may see the record), # (records), or / (snippets)."""
    record = find(actor, o, pk)
    q = request.GET.get("q", "").strip()[:100]
    offered = {"@": _people, "#": _records, "/": _texts}.get(request.GET.get("sign", ""))
    rows = offered(request, actor, record, q) if offered else []
    context = {"object": o, "record": record, "url": o.url(pk), "rows": rows, "q": q}
    return page(request, "ui/pages/suggest.html", context, part="ui/parts/suggest.html")


def _people(request: Any, actor: Actor, record: Any, q: str) -> list[dict[str, Any]]:
    # Whoever may not see the record is not offered: nobody is to be told of something that she cannot open.
    wanted = fold(q).split()
    found = []
    for seer in who_sees(record, request.viewer, spelt=False)[1]:
        words = fold(seer.user.name).split()
        if all(any(word.startswith(one) for word in words) for one in wanted):
            found.append(
                {"label": f"@{seer.user.name}", "token": marks.person_token(seer.user.pk), "name": seer.user.name}
            )
        if len(found) == PEOPLE:
            break
    return found


def _records(request: Any, actor: Actor, record: Any, q: str) -> list[dict[str, Any]]:
    if not q:
        return []
    found = []
    for o in navigable(actor):
        try:
            rows = listing(actor, o, search=q, columns=[o.title], limit=EACH, viewer=request.viewer).records
        except Refused:
            continue
        for one in rows:
            title = panels.title(actor, o, one, request.viewer)
            found.append(
                {
                    "label": f"#{title}",
                    "token": marks.record_token(o.key, one.pk),
                    "icon": o.icon,
                    "name": title,
                    "sort": o.label,
                }
            )
    return found


def _texts(request: Any, actor: Actor, record: Any, q: str) -> list[dict[str, Any]]:
    rows = snippets(actor, q)[:TEXTS]
    return [
        {"text": row.text, "icon": "text-quote", "name": row.name, "label": "", "sort": row.text[:60]} for row in rows
    ]


# ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def story(request: Any, actor: Actor, o: ObjectType, record: Any, *, fresh: int | None = None) -> Any:
    """The timeline anew, as a piece of an answer."""
    told = panels.story(actor, record, request.viewer, fresh=fresh)
    context = {"object": o, "record": record, "story": told, "url": o.url(record.pk)}
    return partial("#tl", "innerHTML", draw(request, "ui/parts/timeline.html", context))


def said(refusal: Refused) -> str:
    """The sentences of a refusal, one after the other."""
    return " ".join(s for sentences in refusal.errors.values() for s in sentences)


def _composer(request: Any, o: ObjectType, record: Any, **more: Any) -> Any:
    context = {"url": o.url(record.pk), "object": o, "record": record, "new_key": new_key(), **more}
    return partial("#cmp", "outerHTML", draw(request, "ui/parts/note_form.html", context))


def _again(request: Any, o: ObjectType, record: Any, typed: str, key: str, to: int | None, why: str) -> HttpResponse:
    """The form with what was typed and what is wrong with it."""
    given = {"text": typed, "new_key": key, "error": why, "marks": request.POST.getlist("mark")}
    if not to:
        return answer(request, _composer(request, o, record, **given), status=422)
    context = {"url": o.url(record.pk), "object": o, "record": record, "to": to, **given}
    form = partial(f"#r{to}", "outerHTML", draw(request, "ui/parts/answer.html", context))
    return answer(request, form, status=422)


def _editor(
    request: Any,
    actor: Actor,
    o: ObjectType,
    record: Any,
    row: Any,
    text: str,
    known: list[str],
    version: int,
    error: str = "",
) -> HttpResponse:
    context = {
        "object": o, "record": record, "url": o.url(record.pk), "note": row.event, "text": text, "marks": known,
        "version": version, "error": error, "mine": row.author == actor.user_id,
    }  # fmt: skip
    return page(
        request, "ui/pages/note_edit.html", context, part="ui/parts/note_edit.html", status=422 if error else 200
    )


def _added(request: Any, o: ObjectType, pk: int) -> int | None:
    mine = Event.objects.filter(object=o.key, record=pk, cause=request.cause, name=notes.NoteAdded.name)
    return mine.order_by("-pk").values_list("pk", flat=True).first()


def _not_told(record: Any, event: int) -> str:
    absent = notes.untold(record, event)
    if not absent:
        return ""
    return _("Not told, because they cannot see this record: %(people)s.") % {"people": listed(absent)}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
