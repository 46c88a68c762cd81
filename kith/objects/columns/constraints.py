"""Constraints of the database that say a sentence to whoever breaks them; the sentence stays out of migrations, as labels do."""

from __future__ import annotations

from typing import Any

from django.db import models


class _Said:
    """Saying it better is no change of the table."""

    said: Any

    def __init__(self, *expressions: Any, said: Any = "", **options: Any):
        super().__init__(*expressions, **options)
        self.said = said

    def clone(self) -> Any:
        """A copy with its sentence: Django takes copies while it builds the model."""
        copy = super().clone()  # type: ignore[misc]
        copy.said = self.said
        return copy

    def deconstruct(self) -> Any:
        """Plain Django."""
        _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        plain = next(c for c in type(self).__mro__ if c.__module__.startswith("django."))
        return f"django.db.models.{plain.__name__}", args, kwargs

    def get_violation_error_message(self) -> str:
        """What somebody is told who breaks it."""
        return str(self.said)


class Once(_Said, models.UniqueConstraint):
    """No two records with the same values."""


class Must(_Said, models.CheckConstraint):
    """What holds for every record."""
