"""What an administrator decides for the whole installation: typed settings that rooms contribute, kept in one small table.

A setting has a kind as a field has one, so that forms, faults and the ledger speak of it in the same words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact, emit
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Refused
from kith.kernel.registry import Registry, Room
from kith.kernel.viewer import current_viewer

from .access import rights
from .custom import definitions
from .kinds import Kind


class StoredSetting(models.Model):
    """One decision: the packed value under the setting's key. A setting that nobody touched has no row."""

    key = models.CharField(max_length=80, unique=True)
    value = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def object_key(self) -> str:
        """Where the ledger files it."""
        return "objects.setting"


class Setting:
    """Something to decide once for everybody.

    `check(value)` raises Refused for what the kind cannot know; `consequence(value)` says in a sentence what a new value will set in
    motion, which the form shows before it saves ("" for nothing).
    """

    registry: ClassVar[Registry[Setting]] = Registry("setting")

    def __init__(
        self,
        key: str,
        *,
        kind: Kind,
        label: Any,
        help: Any = "",
        default: Any = None,
        required: bool = True,
        check: Callable[[Any], None] | None = None,
        consequence: Callable[[Any], str] | None = None,
    ):
        self.key, self.kind, self.label, self.help = key, kind, label, help
        self.default = kind.empty if default is None else default
        self.required, self.check, self.consequence = required, check, consequence

    def contribute(self, room: Room) -> None:
        """Rooms contribute settings as instances."""
        Setting.registry.add(self.key, self)

    def clean(self, value: Any) -> Any:
        """`value` as this setting keeps it; Refused, naming the setting, for anything else."""
        try:
            cleaned = self.kind.clean(value)
            if self.required and self.kind.is_empty(cleaned):
                raise Refused(_("%(field)s is required.") % {"field": self.label})
            if self.check is not None and not self.kind.is_empty(cleaned):
                self.check(cleaned)
        except Refused as refusal:
            raise Refused(str(refusal), field=self.key) from refusal
        return cleaned

    @property
    def value(self) -> Any:
        """What holds now."""
        return stored(self)[0]


@dataclass(frozen=True)
class SettingChanged(Fact):
    """An administrator decided something anew. `old` and `new` are packed."""

    name = "setting.changed"
    label = lazy("A setting was changed")
    icon = "sliders-horizontal"
    record: Any
    setting: str
    old: Any
    new: Any

    def sentence(self) -> str:
        setting = Setting.registry.get(self.setting)
        if setting is None:
            return _("The setting “%(setting)s” was changed.") % {"setting": self.setting}
        said = {"setting": setting.label, "old": self._said(setting, self.old), "new": self._said(setting, self.new)}
        if not said["new"]:
            return _("The setting “%(setting)s” was emptied; it was “%(old)s”.") % said
        if not said["old"]:
            return _("The setting “%(setting)s” was set to “%(new)s”.") % said
        return _("The setting “%(setting)s” was changed from “%(old)s” to “%(new)s”.") % said

    @staticmethod
    def _said(setting: Setting, packed: Any) -> str:
        return setting.kind.format(setting.kind.unpack(packed), current_viewer())


class _Loaded:
    """What is loaded in this process: for which load of the definitions, and key → (packed value, version)."""

    generation = -1
    rows: ClassVar[dict[str, tuple[Any, int]]] = {}


def _rows() -> dict[str, tuple[Any, int]]:
    """Every row, read again when the definitions were: one version number, asked once per request, serves both."""
    generation = definitions.generation()
    if _Loaded.generation != generation:
        found = StoredSetting.objects.values_list("key", "value", "version")
        _Loaded.rows = {key: (value, version) for key, value, version in found}
        _Loaded.generation = generation
    return _Loaded.rows


def kept(key: str) -> Any:
    """What the platform itself keeps for everybody under `key`, beside what administrators decide; None for nothing."""
    found = _rows().get(key)
    return found[0] if found else None


def keep(key: str, value: Any) -> None:
    """Keep it; inside the transaction of what it is about."""
    StoredSetting.objects.update_or_create(key=key, defaults={"value": value, "changed_at": clock.now()})
    definitions.changed()
    definitions.refresh()


def stored(setting: Setting) -> tuple[Any, int]:
    """The value that holds, and its version; version 0 is the default that nobody touched."""
    found = _rows().get(setting.key)
    return (setting.kind.unpack(found[0]), found[1]) if found else (setting.default, 0)


def put(actor: Actor, setting: Setting, value: Any, version: int | None = None) -> int:
    """Decide `setting` anew; returns its version. `version` is the one that was read.

    Forbidden for everybody but administrators; Refused, naming the setting, for a wrong value or when somebody else was faster.
    """
    if not rights(actor).everything:
        raise Forbidden(_("Only administrators may change the settings of the company."))
    packed = setting.kind.pack(setting.clean(value))
    with transaction.atomic():
        row = StoredSetting.objects.select_for_update().filter(key=setting.key).first()
        old = row.value if row else setting.kind.pack(setting.default)
        now = row.version if row else 0
        if packed == old:
            return now
        if version is not None and version != now:
            raise _overtaken(setting, old)
        row = _store(setting, packed, row)
        if row is None:
            raise _overtaken(setting, old)
        emit(SettingChanged(row, setting.key, old, packed), actor)
        definitions.changed()
        definitions.forget()
    return row.version


def _store(setting: Setting, packed: Any, row: StoredSetting | None) -> StoredSetting | None:
    """The row with its new value; None when somebody else wrote it at the same moment."""
    if row is None:
        try:
            with transaction.atomic():
                return StoredSetting.objects.create(key=setting.key, value=packed, changed_at=clock.now())
        except IntegrityError:
            return None
    # Compare and set: where the engine does not lock rows, the version decides.
    same = StoredSetting.objects.filter(pk=row.pk, version=row.version)
    if not same.update(value=packed, version=F("version") + 1, changed_at=clock.now()):
        return None
    row.value, row.version = packed, row.version + 1
    return row


def _overtaken(setting: Setting, packed: Any) -> Refused:
    said = setting.kind.format(setting.kind.unpack(packed), current_viewer())
    return Refused(
        _("Somebody else changed “%(setting)s” in the meantime; it is “%(value)s” now. Look again before you save.")
        % {"setting": setting.label, "value": said},
        field=setting.key,
    )
