"""Several languages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as lazy

from kith.kernel.viewer import Viewer

from .code_set import CodeSet
from .coded import Coded
from .kind import Option
from .language import Language


class Languages(CodeSet):
    """Languages in the order in which somebody prefers them."""

    key, label, icon = "languages", lazy("Languages"), "languages"
    inner: ClassVar[Coded] = Language()

    def widget_context(self, value: Any, viewer: Viewer) -> dict[str, Any]:
        """`hint` says how several are written."""
        return {"below": lazy("Put a comma between two languages.")}

    def choices(self, viewer: Viewer) -> list[Option] | None:
        return self.inner.choices(viewer)
