"""Every failure that a person can cause, each with a whole translated sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from .sentences import listed, together


class KithError(Exception):
    """Something could not be done; `str(error)` is a sentence for the person who asked."""


class Refused(KithError):
    """A value or a request breaks a rule. `field` names the field to show the sentence beside."""

    def __init__(self, sentence: Any, field: str | None = None):
        super().__init__(str(sentence))
        self.sentence = str(sentence)
        self.field = field

    @property
    def errors(self) -> dict[str, list[str]]:
        """The sentences by field name; "" holds those that belong to the whole record."""
        return {self.field or "": [self.sentence]}


class Invalid(Refused):
    """Several fields were refused at once. `errors` maps field name to sentences."""

    def __init__(self, errors: Mapping[str, Iterable[str]]):
        self._errors = {name: [str(s) for s in sentences] for name, sentences in errors.items()}
        first = next(iter(self._errors.values()), [""])
        super().__init__(together(*first), next(iter(self._errors), None) or None)

    @property
    def errors(self) -> dict[str, list[str]]:
        return self._errors


class UnknownField(Refused):
    """A name from outside is not a field of this object, or not one that this person may use."""

    def __init__(self, name: str, object_label: Any):
        super().__init__(_("“%(object)s” has no field “%(field)s”.") % {"field": name, "object": object_label})
        self.name = name


class Forbidden(KithError):
    """The actor lacks the right."""

    def __init__(self, sentence: Any = None):
        super().__init__(str(sentence or _("You do not have the right to do this.")))


class Missing(KithError):
    """There is no such record, or not for this actor; the two are never told apart."""

    def __init__(self, sentence: Any = None):
        super().__init__(str(sentence or _("This record does not exist, or you may not see it.")))


class Stale(KithError):
    """The record changed since it was read. `differences` lists what changed, by whom, field by field."""

    def __init__(self, differences: list[Any], record: Any = None):
        names = listed(d.field.label for d in differences)
        super().__init__(_("Somebody else changed this record in the meantime: %(fields)s.") % {"fields": names})
        self.differences = differences
        self.record = record


class Unscoped(RuntimeError):
    """A programming fault: records were asked for without saying for whom. Use `visible_to(actor, …)`."""
