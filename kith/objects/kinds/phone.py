"""One phone number."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import phonenumbers
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.text import ascii_digits
from kith.kernel.viewer import NEUTRAL, Viewer

from .copied import with_copy
from .kind import Kind, nullable

LONGEST = 60
#: An extension behind the number, as files and people of several countries write it, and RFC 3966.
_EXTENSION = re.compile(
    r"(?:;ext=|[;,]?\s*(?:extension|extn?|anexo|alanumero|alanro|int|klapka|доб|вн|داخلی|分机|内线)\.?[\s:]*|\s*[x#×]\s*)(\d{1,7})",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\d\s()\[\]+*./\-‐‑–—−‒―·•~～ー（）]+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff\u00ad]")
_EXAMPLES = (
    "+358401234567", "+38612345678", "+989121234567", "+8613812345678", "+81312345678", "+14155552671", "+442079460018;ext=12",
    "+390612345678", "+5511987654321", "+4930123456",
)  # fmt: skip


class Phone(Kind):
    """A number in E.164, with ";ext=12" behind it where there is an extension.

    Any number that could be dialled is taken; a number of an unassigned block is no reason to lose what somebody gave.
    """

    key, label, icon, widget = "phone", lazy("Phone"), "phone", "phone"
    empty = ""
    ltr = textual = True
    operators = ("is", "is_not", "contains", "starts", "empty", "filled")

    def parse(self, text: str, viewer: Viewer) -> str:
        text = self.checked_text(text)
        return read_phone(text, viewer.country) if text else ""

    def clean(self, value: Any) -> str:
        return self.parse("" if value is None else value, NEUTRAL)

    def format(self, value: Any, viewer: Viewer) -> str:
        """National form for people of the number's country, international form for everybody else."""
        return _shown(value, viewer.country) if value else ""

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        return el("bdi", self.format(value, viewer), class_="tx num", dir="ltr") if value else EMPTY

    def detail(self, value: Any, viewer: Viewer) -> SafeString:
        if not value:
            return EMPTY
        shown = self.format(value, viewer)
        return with_copy(el("a", el("bdi", shown, dir="ltr"), href=f"tel:{value}", class_="tx num"), shown)

    def edit(self, value: Any, viewer: Viewer) -> str:
        text = self.format(value, viewer)
        try:
            return text if self.parse(text, viewer) == value else value or ""
        except Refused:
            return value or ""

    def unpack(self, raw: Any) -> str:
        return raw or ""

    def export(self, value: Any) -> str:
        return value or ""

    def keys(self, value: Any) -> list[str]:
        """The digits; people behind one switchboard are told apart by their extensions."""
        return [value.lstrip("+").replace(";ext=", "x")] if value else []

    def words(self, value: Any) -> str:
        """Every form that somebody may search by, with blanks and without."""
        number = _number(value) if value else None
        if number is None:
            return value or ""
        forms = [
            phonenumbers.format_number(number, f) for f in (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL)
        ]
        plain = [re.sub(r"[^\d+]", "", form.partition("ext")[0]) for form in forms]
        return " ".join(dict.fromkeys([*plain, *forms]))

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^(\+[0-9]{2,17}(;ext=[0-9]{1,7})?)?$"}

    def taken_schema(self) -> dict[str, Any]:
        """A number as people write it, with the code of its country."""
        return nullable({"type": "string", "maxLength": LONGEST})

    def example(self, n: int) -> str:
        return _EXAMPLES[n % len(_EXAMPLES)]


def read_phone(text: str, country: str) -> str:
    """The canonical number for `text` as dialled in `country` (ISO 3166-1 alpha-2, or "" for nowhere)."""
    text = _INVISIBLE.sub("", ascii_digits(text)).replace("＋", "+").strip()
    text = re.sub(r"\A(tel|fax|phone|puh|gsm)\.?:\s*", "", text, flags=re.IGNORECASE)
    found = re.fullmatch(rf"(.*?)(?:{_EXTENSION.pattern})?", text, re.IGNORECASE | re.DOTALL)
    body, extension = (found[1], found[2]) if found else (text, None)
    if len(text) > LONGEST or not _NUMBER.fullmatch(body) or not any(c.isdigit() for c in body):
        raise Refused(_("This needs to be a phone number, such as +358 40 1234567."))
    if not body.strip().startswith("+") and not country:
        raise Refused(_("Start the phone number with + and the code of the country, such as +358 40 1234567."))
    return _canonical(body, country or None, extension)


def _canonical(body: str, country: str | None, extension: str | None) -> str:
    found = ""
    # Until it stays the same: reading "+39 0 …" once may take away a digit that the second reading would take too.
    for _round in range(4):
        text = _dialled(body, country)
        if text == found:
            return f"{text};ext={extension}" if extension else text
        found = body = text
    raise Refused(_("This phone number does not exist in this form. Check it digit by digit."))


def _dialled(body: str, country: str | None) -> str:
    try:
        number = phonenumbers.parse(body, country)
    except NumberParseException as fault:
        if fault.error_type == NumberParseException.INVALID_COUNTRY_CODE:
            raise Refused(
                _("No country has this code. Start with + and the code of the country, such as +358 40 1234567.")
            ) from None
        if fault.error_type == NumberParseException.TOO_LONG:
            raise Refused(_("This phone number has too many digits.")) from None
        if fault.error_type in (NumberParseException.TOO_SHORT_NSN, NumberParseException.TOO_SHORT_AFTER_IDD):
            raise Refused(_("This phone number has too few digits.")) from None
        raise Refused(_("This needs to be a phone number, such as +358 40 1234567.")) from None
    match phonenumbers.is_possible_number_with_reason(number):
        case ValidationResult.IS_POSSIBLE:
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
        case ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            raise Refused(_("The area code is missing in this phone number."))
        case ValidationResult.TOO_SHORT:
            raise Refused(_("This phone number has too few digits."))
        case ValidationResult.TOO_LONG:
            raise Refused(_("This phone number has too many digits."))
        case ValidationResult.INVALID_COUNTRY_CODE:
            raise Refused(
                _("No country has this code. Start with + and the code of the country, such as +358 40 1234567.")
            )
    raise Refused(_("This phone number has a count of digits that its country does not use."))


def _number(value: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(value, None)
    except NumberParseException:
        return None


@lru_cache(maxsize=10_000)
def _shown(value: str, country: str) -> str:
    # A list shows the same fifty numbers again and again, and each costs as much as ten cells of text.
    number = _number(value)
    if number is None:
        return value
    # Not the first region of a number's plan: Åland's numbers are Finland's too, the Vatican's are Italy's.
    home = bool(country) and (
        country == phonenumbers.region_code_for_number(number)
        or phonenumbers.is_valid_number_for_region(number, country)
    )
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)
