"""What a currency is worth in another, which day's rate that is, and who says so."""

from .base import BASE_CURRENCY, base_currency
from .finding import Found, Leg, rate, rates, said
from .models import AVERAGE, BOOKED, MANUAL, SPOT, PublishedSheet, Rate

__all__ = [
    "AVERAGE", "BASE_CURRENCY", "BOOKED", "MANUAL", "SPOT", "Found", "Leg", "PublishedSheet", "Rate", "base_currency",
    "rate", "rates", "said",
]  # fmt: skip
