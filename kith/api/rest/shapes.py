"""A record as programs get it: what `kith.objects.shapes` makes of it."""

from kith.objects.shapes import LARGEST, MOST_EXPANDED, MOST_FIELDS, Shape, number, one, usual

__all__ = ["LARGEST", "MOST_EXPANDED", "MOST_FIELDS", "Shape", "number", "one", "usual"]
