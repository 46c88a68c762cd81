"""The threads room: what it contributes to the house."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kith.kernel.registry import Room


class Threads(Room):
    """What people say about records."""

    name = "kith.threads"
    verbose_name = _("Notes and notifications")

    def contributes(self) -> list[Any]:
        """Facts, actions, reactions and chores."""
        from kith.objects.merged import Carried

        from . import alarms, files, follow, letters, notes, notices, pictures
        from .models import File, Follow, Note, Notice

        return [
            notes.NoteAdded,
            notes.NoteChanged,
            notes.NoteRemoved,
            notes.NoteRestored,
            notes.add_note,
            notes.answer_note,
            notes.change_note,
            notes.remove_note,
            *files.FACTS,
            files.clear_files,
            pictures.clear_pictures,
            follow.follow_what_begins,
            *notices.KINDS,
            notices.notify,
            notices.forget_purged,
            alarms.FellDue,
            alarms.DUE,
            alarms.set_alarm,
            alarms.follow_zones,
            alarms.ring,
            Carried("notes", Note),
            Carried("files", File),
            Carried("followers", Follow, ("user",)),
            Carried("notices", Notice),
            letters.LetterDue,
            letters.write_letters,
            letters.send_letter,
        ]
