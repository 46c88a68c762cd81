"""Several phone numbers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from .phone import Phone
from .several import Several


class Phones(Several):
    """Phone numbers of a person or a company, each with type and marks."""

    key, label, icon, widget = "phones", lazy("Phone numbers"), "phone", "several"
    inner = Phone()
