"""Several e-mail addresses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from .email import Email
from .several import Several


class Emails(Several):
    """E-mail addresses of a person or a company, each with type and marks."""

    key, label, icon, widget = "emails", lazy("E-mail addresses"), "mail", "several"
    inner = Email()
