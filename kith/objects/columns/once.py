"""A constraint that says in words what would break it."""

from __future__ import annotations

from typing import Any

from django.db import models


class Once(models.UniqueConstraint):
    """A unique constraint whose sentence stays out of migrations, as labels do: saying it better is no change of the table."""

    def __init__(self, *expressions: Any, said: Any = "", **options: Any):
        super().__init__(*expressions, **options)
        self.said = said

    def clone(self) -> Once:
        """A copy with its sentence: Django takes copies while it builds the model."""
        copy: Once = super().clone()
        copy.said = self.said
        return copy

    def deconstruct(self) -> Any:
        """Plain Django."""
        _path, args, kwargs = super().deconstruct()
        return "django.db.models.UniqueConstraint", args, kwargs

    def get_violation_error_message(self) -> str:
        """What somebody is told who breaks it."""
        return str(self.said)
