"""Two engines' full-text indexes over the same rows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.db.models.expressions import RawSQL

from .models import SearchRow


class Fts5:
    """SQLite: an FTS5 table without content of its own, kept row by row with ours."""

    def __init__(self, connection: Any):
        self.connection = connection

    @staticmethod
    def create() -> list[str]:
        """Statements that make the index."""
        return [
            (
                "CREATE VIRTUAL TABLE kith_search USING fts5(tokens, content='', contentless_delete=1, "
                "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\", prefix='2 3')"
            )
        ]

    @staticmethod
    def drop() -> list[str]:
        """Statements that remove it."""
        return ["DROP TABLE IF EXISTS kith_search"]

    def added(self, rows: list[SearchRow]) -> None:
        """Index new rows."""
        if rows:
            with self.connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO kith_search(rowid, tokens) VALUES (%s, %s)", [(r.pk, r.tokens) for r in rows]
                )

    def dropping(self, rows: list[SearchRow]) -> None:
        """Forget rows that are about to go."""
        if rows:
            with self.connection.cursor() as cursor:
                cursor.executemany("DELETE FROM kith_search WHERE rowid = %s", [(r.pk,) for r in rows])

    def starts(self, word: str) -> Q:
        """Rows with a word that starts with `word` (folded)."""
        # The statement is ours, the word is bound.
        return Q(pk__in=RawSQL("SELECT rowid FROM kith_search WHERE kith_search MATCH %s", [f'"{word}"*']))


class TsVector:
    """PostgreSQL: a GIN index over the `simple` tsvector of the same words."""

    def __init__(self, connection: Any):
        self.connection = connection

    @staticmethod
    def create() -> list[str]:
        """Statements that make the index."""
        return ["CREATE INDEX kith_search ON objects_searchrow USING gin (to_tsvector('simple', tokens))"]

    @staticmethod
    def drop() -> list[str]:
        """Statements that remove it."""
        return ["DROP INDEX IF EXISTS kith_search"]

    def added(self, rows: list[SearchRow]) -> None:
        """The index follows its table by itself."""

    def dropping(self, rows: list[SearchRow]) -> None:
        """The index follows its table by itself."""

    def starts(self, word: str) -> Q:
        """Rows with a word that starts with `word` (folded)."""
        # Quoted for to_tsquery: inside quotes only the quote and the backslash mean something.
        quoted = word.replace("\\", "\\\\").replace("'", "''")
        sql = "SELECT id FROM objects_searchrow WHERE to_tsvector('simple', tokens) @@ to_tsquery('simple', %s)"
        # The statement is ours, the word is bound.
        return Q(pk__in=RawSQL(sql, [f"'{quoted}':*"]))  # noqa: S611


def back_end(connection: Any) -> Fts5 | TsVector:
    """The index of this database."""
    return Fts5(connection) if connection.vendor == "sqlite" else TsVector(connection)
