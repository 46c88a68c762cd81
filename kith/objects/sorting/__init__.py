"""Keys that lists sort by: kept by the write path, made anew here when another ICU would make others."""

from .refresh import refresh

__all__ = ["refresh"]
