"""Files of a record: taken in, shown, handed out, renamed, removed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kith.kernel.actor import Actor
from kith.kernel.errors import KithError, Missing, Refused
from kith.kernel.sentences import counted, together
from kith.kernel.viewer import Viewer
from kith.objects.access import may
from kith.objects.declare import ObjectType
from kith.objects.kinds.kind import new_key
from kith.objects.query import find
from kith.objects.write import first_time
from kith.threads import files, pictures
from kith.threads.download import attachment, clean_name, picture

from ..additions import Addition
from ..render import answer, onward, page, toast, wants_part
from ..sizes import size_said
from .talk import said


def upload(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """Take files in, each by itself: one that is refused keeps no other out. Scripts are answered in JSON."""
    record = find(actor, o, pk)
    given = request.FILES.getlist("file")[: files.AT_ONCE]
    once, kept, refused = request.POST.get("once", "") or new_key(), [], []
    for number, one in enumerate(given):
        try:
            with transaction.atomic():
                fresh = first_time(actor, f"{once[:100]}:{number}", o.key, pk, one.name, one.size)
            if fresh:
                kept.append(files.add(actor, record, one.name or "", one.chunks()))
        except Refused as refusal:
            refused.append(said(refusal))
    if not given:
        refused.append(_("Choose at least one file."))
    if "application/json" in request.headers.get("Accept", ""):
        told = {"files": [{"id": row.pk, "name": row.name} for row in kept], "refused": refused}
        return JsonResponse(told, status=422 if refused and not kept else 200)
    n = len(kept)
    done = ngettext("%(n)s file added.", "%(n)s files added.", n) % {"n": counted(n)} if n else ""
    return onward(request, o.url(pk), together(done, *refused), undo=request.cause if n else "")


def show(request: Any, actor: Actor, o: ObjectType, pk: int, file: int) -> HttpResponse:
    """GET: a file with its picture and what can be done with it. POST: call it something else."""
    record = find(actor, o, pk)
    row = files.file_of(record, file)
    error, name = "", row.name
    if request.method == "POST":
        name = request.POST.get("name", "")
        try:
            files.rename(actor, record, file, name)
        except Refused as refusal:
            error = said(refusal)
        else:
            if not wants_part(request):
                return onward(request, o.url(pk), _("File renamed."), undo="")
            return answer(
                request, toast(request, _("File renamed.")), changed={"object": o.key, "ids": [pk], "by": "file"}
            )
    context = {
        "object": o, "record": record, "url": o.url(pk), "f": drawn(row, request.viewer), "error": error, "name": name,
        "changeable": may(actor, "change", record),
    }  # fmt: skip
    return page(request, "ui/pages/file.html", context, part="ui/parts/file.html", status=422 if error else 200)


def remove(request: Any, actor: Actor, o: ObjectType, pk: int, file: int) -> HttpResponse:
    """Remove a file; the sentence takes it back."""
    record = find(actor, o, pk)
    row = files.remove(actor, record, file)
    sentence = _("“%(name)s” removed.") % {"name": row.name}
    if not wants_part(request):
        return onward(request, o.url(pk), sentence, undo=request.cause)
    return answer(
        request,
        toast(request, sentence, undo=request.cause),
        changed={"object": o.key, "ids": [pk], "by": "file"},
    )


def content(request: Any, actor: Actor, o: ObjectType, pk: int, file: int) -> HttpResponseBase:
    """The file itself, to be saved."""
    row = files.file_of(find(actor, o, pk, trash=None), file)
    return attachment(files.read(row), clean_name(row.name), files.TYPES[row.sort].content)


def image(request: Any, actor: Actor, o: ObjectType, pk: int, file: int) -> HttpResponseBase:
    """A picture of the file that we drew ourselves; Missing where none can be drawn."""
    row = files.file_of(find(actor, o, pk, trash=None), file)
    try:
        made = pictures.picture(row, large="large" in request.GET)
    except KithError as error:
        raise Missing from error
    return picture(made)


def drawn(row: Any, viewer: Viewer) -> dict[str, Any]:
    """A file as templates show it; its ending stands apart, so that it stands at the end in either direction."""
    stem, dot, ending = row.name.rpartition(".")
    sort = files.TYPES[row.sort]
    return {
        "id": row.pk, "name": row.name, "stem": stem if dot else row.name, "ending": ending if dot and stem else "",
        "size": size_said(row.size, viewer), "icon": sort.icon, "label": sort.label, "seen": sort.seen, "at": row.at,
        "by": row.author_name,
    }  # fmt: skip


def _list(actor: Actor, record: Any, viewer: Viewer) -> dict[str, Any] | None:
    rows = files.files_of(record)
    changeable = record.removed_at is None and may(actor, "change", record)
    if not rows and not changeable:
        return None
    return {"files": [drawn(row, viewer) for row in rows], "files_changeable": changeable, "files_key": new_key()}


FILES = Addition("*", "files", lazy("Files"), "ui/parts/files.html", _list, icon="paperclip")
