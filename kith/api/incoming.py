"""Where other programs send to: each address is a webhook of somebody's. What is signed as it should be is kept once, and worked off."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.hooks import arriving, mapping, signing
from kith.identity import addresses, limits
from kith.kernel.errors import Missing
from kith.kernel.sentences import counted

from .rest import problems
from .rest.wire import Unfit, answer

#: Deliveries to one webhook: so many at once, then one in so many seconds. And those that are not what they should be, by network.
BURST, SECONDS = 600, 0.1


def take(request: Any, key: str, secret: str = "") -> HttpResponse:
    """Take a delivery: 202, and 200 for one that was taken before. Everything else is a problem with a sentence."""
    try:
        return _taken(request, key, secret)
    except Exception as error:
        return problems.said(_fitting(error))


def _taken(request: Any, key: str, secret: str) -> HttpResponse:
    network = addresses.network(addresses.client(request.META))
    try:
        row = arriving.known(key)
        limits.take([limits.Gate(f"webhook:{row.pk}", BURST, SECONDS)])
        _fits(request)
        named = arriving.admitted(row, request.headers, request.body, secret)
    except (Missing, signing.Unsigned):
        # Whoever guesses is held back by her network.
        limits.take([limits.Gate(f"webhook:wrong:{network}", 60, 1), limits.Gate("webhook:wrong", 6000, 0.01)])
        raise
    arrival, again = arriving.take(row, named, request.body)
    return answer({"taken": True, "again": again, "id": arrival.pk}, 200 if again else 202)


def _fits(request: Any) -> None:
    said = request.META.get("CONTENT_LENGTH") or "0"
    if not said.isdecimal() or int(said) > arriving.SIZE or len(request.body) > arriving.SIZE:
        sentence = _("What you sent is too large: this address takes at most %(n)s KB.")
        raise Unfit(413, sentence % {"n": counted(arriving.SIZE // 1024)})
    if not request.body:
        raise Unfit(400, _("The body needs to be a JSON object."))


def _fitting(error: Exception) -> Exception:
    if isinstance(error, signing.Unsigned):
        return Unfit(401, str(error), "unsigned")
    if isinstance(error, mapping.Unreadable):
        return Unfit(400, str(error))
    return error
