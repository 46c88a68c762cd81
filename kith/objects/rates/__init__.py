"""What a currency is worth in another, on which day, and who says so."""

from .base import BASE_CURRENCY, base_currency

__all__ = ["BASE_CURRENCY", "base_currency"]
