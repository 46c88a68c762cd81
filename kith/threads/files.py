"""Files of a record. In through the one door (kith.kernel.intake), kept under their content, out as attachments by whoever shows them.

A file is a part of its record: who sees the record may have it, who changes the record may add, rename and remove it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact, emit
from kith.events.models import Event
from kith.events.schedule import every
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Missing, Refused
from kith.kernel.intake import private_folder, take_in
from kith.kernel.sentences import counted
from kith.objects.access import may
from kith.objects.query import find
from kith.objects.write.undo import reverses

from . import follow
from .models import File

MEGABYTE = 1024 * 1024
LARGEST = 50 * MEGABYTE
#: So many files a record may have; so many are taken in one form.
MOST, AT_ONCE = 500, 20
#: Removed files are kept as long as removed records.
KEPT = timedelta(days=30)
BLOCK = 1 << 18


@dataclass(frozen=True)
class Type:
    """What a file is by its first bytes. `content` is how it is served, never what whoever sent it said; `seen` whether a picture of it can
    be made."""

    label: Any
    content: str
    icon: str
    seen: bool = False


TYPES: dict[str, Type] = {
    "png": Type(lazy("Picture"), "image/png", "image", True),
    "jpeg": Type(lazy("Picture"), "image/jpeg", "image", True),
    "gif": Type(lazy("Picture"), "image/gif", "image", True),
    "webp": Type(lazy("Picture"), "image/webp", "image", True),
    "pdf": Type(lazy("PDF"), "application/pdf", "file-text", True),
    "zip": Type(lazy("Document or archive"), "application/zip", "file"),
    "office": Type(lazy("Document in an old format"), "application/octet-stream", "file"),
    "text": Type(lazy("Text"), "text/plain; charset=utf-8", "file-text"),
    "other": Type(lazy("File"), "application/octet-stream", "file"),
}
#: First bytes → type. Offices' documents of today are ZIP archives.
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"), (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"), (b"\xd0\xcf\x11\xe0", "office"),
)  # fmt: skip
#: Programs are not taken: nobody needs one on a record, and whoever opens one is lost.
_PROGRAMS = (b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!")
_ENDINGS = frozenset(
    (
        "exe", "com", "bat", "cmd", "msi", "scr", "pif", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "ps1", "jar", "app", "dmg",
        "sh", "lnk", "reg", "cpl", "msc", "dll", "sys", "html", "htm", "xhtml", "svg",
    )
)  # fmt: skip


@dataclass(frozen=True)
class FileAdded(Fact):
    """A file was added to a record."""

    name = "file.added"
    label = lazy("A file was added")
    icon = "paperclip"
    record: Any
    file: int
    file_name: str

    def sentence(self) -> str:
        return _("File added")

    def body(self) -> str:
        return self.file_name


@dataclass(frozen=True)
class FileRenamed(Fact):
    """A file of a record got another name."""

    name = "file.renamed"
    label = lazy("A file was renamed")
    icon = "paperclip"
    record: Any
    file: int
    old: str
    new: str

    def sentence(self) -> str:
        return _("File “%(old)s” is called “%(new)s” now") % {"old": self.old, "new": self.new}


@dataclass(frozen=True)
class FileRemoved(Fact):
    """A file was removed from a record."""

    name = "file.removed"
    label = lazy("A file was removed")
    icon = "paperclip"
    record: Any
    file: int
    file_name: str

    def sentence(self) -> str:
        return _("File “%(name)s” removed") % {"name": self.file_name}


@dataclass(frozen=True)
class FileRestored(Fact):
    """A removed file came back."""

    name = "file.restored"
    label = lazy("A file was restored")
    icon = "paperclip"
    record: Any
    file: int
    file_name: str

    def sentence(self) -> str:
        return _("File “%(name)s” restored") % {"name": self.file_name}


FACTS = (FileAdded, FileRenamed, FileRemoved, FileRestored)


def folder() -> Path:
    """Where files lie; a part of every backup."""
    return private_folder(Path(settings.KITH_HOME) / "files")


def place(digest: str) -> Path:
    """Where the bytes of one content lie."""
    return folder() / digest[:2] / digest


def files_of(record: Any) -> list[File]:
    """The files of a record that the caller has found through the gate, newest first."""
    rows = File.objects.filter(object=record.object_key(), record=record.pk, removed_at=None)
    return list(rows.order_by("-pk")[:MOST])


def file_of(record: Any, pk: int) -> File:
    """One file of this record; Missing where there is none, or its record is another."""
    row = File.objects.filter(object=record.object_key(), record=record.pk, pk=pk, removed_at=None).first()
    if row is None:
        raise Missing(_("This file is not there any more."))
    return row


def add(actor: Actor, record: Any, name: str, blocks: Iterable[bytes]) -> File:
    """Take a file in. Forbidden for whoever may not change the record; Refused, in a sentence, for what is not taken."""
    _may_change(actor, record)
    name = _named(name)
    if File.objects.filter(object=record.object_key(), record=record.pk, removed_at=None).count() >= MOST:
        raise Refused(_("This record has %(n)s files, and that is the most there can be.") % {"n": counted(MOST)})
    told: list[str] = []
    # Outside of any transaction: a scanner may take its time.
    drafts = private_folder(folder() / "new")
    digest, size = take_in(
        blocks, drafts, most=LARGEST, too_large=_too_large, look=lambda head: told.append(_sort_of(head, name))
    )
    final = place(digest)
    private_folder(final.parent)
    (drafts / digest).replace(final)
    with transaction.atomic():
        row = File.objects.create(
            object=record.object_key(),
            record=record.pk,
            digest=digest,
            name=name,
            sort=told[0],
            size=size,
            author=actor.user_id,
            author_name=actor.name[:200],
        )
        if actor.user_id:
            follow.begin([actor.user_id], record.object_key(), record.pk)
        emit(FileAdded(record, row.pk, name), actor)
    return row


def rename(actor: Actor, record: Any, pk: int, name: str) -> File:
    """Call a file something else; what it is by its ending stays, so that nobody is led to take it for something that it is not."""
    _may_change(actor, record)
    row, old = file_of(record, pk), ""
    name = _named(name)
    ending = ending_of(row.name)
    if ending and ending_of(name) != ending:
        name = _named(f"{name[: 190 - len(ending)]}.{ending}")
    if name == row.name:
        return row
    with transaction.atomic():
        old, row.name = row.name, name
        File.objects.filter(pk=row.pk, name=old).update(name=name)
        emit(FileRenamed(record, row.pk, old, name), actor)
    return row


def remove(actor: Actor, record: Any, pk: int) -> File:
    """Remove a file; it can be taken back for thirty days."""
    _may_change(actor, record)
    row = file_of(record, pk)
    with transaction.atomic():
        if File.objects.filter(pk=row.pk, removed_at=None).update(removed_at=clock.now()):
            emit(FileRemoved(record, row.pk, row.name), actor)
    return row


def read(row: File) -> Iterator[bytes]:
    """The bytes of a file, block by block; Missing when they are gone from the disk."""
    path = place(row.digest)
    if not path.exists():
        raise Missing(_("The content of this file is gone from the server. Tell an operator."))

    def blocks() -> Iterator[bytes]:
        # Opened when the first block is asked for: an answer that nobody reads leaves nothing open.
        with path.open("rb") as opened:
            while block := opened.read(BLOCK):
                yield block

    return blocks()


def ending_of(name: str) -> str:
    """What stands behind the last dot, in small letters; "" for nothing that says what a file is."""
    stem, dot, ending = name.rpartition(".")
    return ending.casefold() if dot and stem and 0 < len(ending) <= 10 else ""


def _named(name: str) -> str:
    text = " ".join("".join(sign for sign in name if sign.isprintable()).split())
    text = text.replace("/", "_").replace("\\", "_")[:200].strip(" .")
    if not text:
        raise Refused(_("Give the file a name."), field="name")
    return text


def _sort_of(head: bytes, name: str) -> str:
    if not head:
        raise Refused(_("“%(name)s” is empty.") % {"name": name})
    if head.startswith(_PROGRAMS) or ending_of(name) in _ENDINGS:
        raise Refused(
            _("“%(name)s” is a program or a web page, and those are not kept on records. Put it into an archive if it must be here.")
            % {"name": name}
        )  # fmt: skip
    for magic, sort in _MAGIC:
        if head.startswith(magic):
            return sort
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    try:
        # The end of the head may cut a character in two.
        text = head[:-4].decode() if len(head) > 64 else head.decode()
    except UnicodeDecodeError:
        return "other"
    return "other" if "\x00" in text else "text"


def _too_large() -> str:
    return _("This file is larger than %(megabytes)s MB, and larger ones are not kept on records.") % {
        "megabytes": counted(LARGEST // MEGABYTE)
    }


def _may_change(actor: Actor, record: Any) -> None:
    key = record.object_key()
    if actor.observer is not None or not actor.allows(key, "change") or record.removed_at is not None:
        raise Forbidden
    if not may(actor, "change", record):
        raise Forbidden(_("You may not change this record, so you cannot change its files either."))


@reverses(FileRemoved.name)
def _unremove(actor: Actor, event: Event) -> str:
    record = find(actor, event.object, event.record)
    _may_change(actor, record)
    row = File.objects.filter(pk=event.data.get("file"), object=event.object, record=event.record).first()
    if row is None or not File.objects.filter(pk=row.pk, removed_at__isnull=False).update(removed_at=None):
        return _("It was restored before, or is gone for good.")
    emit(FileRestored(record, row.pk, row.name), actor)
    return ""


@reverses(FileAdded.name)
def _unadd(actor: Actor, event: Event) -> str:
    record = find(actor, event.object, event.record)
    try:
        remove(actor, record, int(event.data.get("file", 0)))
    except Missing:
        return _("It was removed before.")
    return ""


@every(days=1)
def clear_files() -> None:
    """Removed files go after thirty days, and bytes that no row names after one: a form may be about to name them."""
    now = clock.now()
    File.objects.filter(removed_at__lt=now - KEPT).delete()
    for path in folder().rglob("*"):
        if not path.is_file() or now.timestamp() - path.stat().st_mtime < 86_400:
            continue
        digest = path.name.partition(".")[0]
        if not File.objects.filter(digest=digest).exists():
            path.unlink(missing_ok=True)
