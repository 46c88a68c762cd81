"""Two engines' indexes over the same rows: words by their beginning, and text inside words.

A term is first looked up in the index, then compared with the row's own words, so that three letters in any order, or two pairs
of characters apart from each other, are no find.
"""

from __future__ import annotations

from typing import Any

from kith.kernel.text import Term, Word

from .models import SearchRow

#: Beginning of every question: the rows of one object in the fields that somebody may read.
_ROWS = "SELECT record FROM objects_searchrow WHERE object = %s AND field IN ({fields}) AND "


class Fts5:
    """SQLite: two FTS5 tables without content of their own, kept row by row with ours.

    `kith_search` holds the words, `kith_inside` the trigrams of the longer ones. Neither keeps positions (`detail=none`): half the
    size and half the time to write, and the comparison with the row is needed for one of them anyway. Words arrive cut: the tokenizer
    only parts them at blanks, where one with a table of letters of its own would cut those that are newer than it.
    """

    def __init__(self, connection: Any):
        self.connection = connection

    @staticmethod
    def create() -> list[str]:
        """Statements that make the index."""
        return [
            (
                "CREATE VIRTUAL TABLE kith_search USING fts5(tokens, content='', contentless_delete=1, detail=none, "
                "tokenize='ascii', prefix='1 2')"
            ),
            (
                "CREATE VIRTUAL TABLE kith_inside USING fts5(tokens, content='', contentless_delete=1, detail=none, "
                'tokenize="trigram case_sensitive 1")'
            ),
        ]

    @staticmethod
    def drop() -> list[str]:
        """Statements that remove it."""
        return ["DROP TABLE IF EXISTS kith_search", "DROP TABLE IF EXISTS kith_inside"]

    def repair(self) -> None:
        """Nothing is ever missing here: start-up refuses a library without FTS5."""

    @property
    def inside(self) -> bool:
        """Whether text inside words is found."""
        return True

    def added(self, rows: list[SearchRow]) -> None:
        """Index new rows."""
        if not rows:
            return
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO kith_search(rowid, tokens) VALUES (%s, %s)", [(r.pk, r.tokens) for r in rows]
            )
            longer = [(r.pk, words) for r in rows if (words := _longer(r.tokens))]
            cursor.executemany("INSERT INTO kith_inside(rowid, tokens) VALUES (%s, %s)", longer)

    def dropping(self, rows: list[SearchRow]) -> None:
        """Forget rows that are about to go."""
        if not rows:
            return
        with self.connection.cursor() as cursor:
            cursor.executemany("DELETE FROM kith_search WHERE rowid = %s", [(r.pk,) for r in rows])
            longer = [(r.pk,) for r in rows if _longer(r.tokens)]
            cursor.executemany("DELETE FROM kith_inside WHERE rowid = %s", longer)

    def holding(self, term: Term) -> tuple[str, list[Any]]:
        """The condition of rows that hold `term`, and its parameters."""
        if term.inside:
            word = term.tokens[0]
            grams = " AND ".join(f'"{word[i : i + 3]}"' for i in range(len(word) - 2))
            found = "id IN (SELECT rowid FROM kith_inside WHERE kith_inside MATCH %s)"
            return (found, [grams]) if len(word) == 3 else (f"{found} AND instr(tokens, %s) > 0", [grams, word])
        found = "id IN (SELECT rowid FROM kith_search WHERE kith_search MATCH %s)"
        if len(term.tokens) == 1:
            return found, [f'"{term.tokens[0]}"*']
        pairs = " AND ".join(f'"{pair}"' for pair in term.tokens)
        return f"{found} AND instr(tokens, %s) > 0", [pairs, term.written]


def _longer(tokens: str) -> str:
    return " ".join(word for word in tokens.split(" ") if len(word) > 2)


class TsVector:
    """PostgreSQL: GIN indexes over the row's words and, by the extension pg_trgm, over their trigrams.

    Without the extension search finds the beginnings of words only, and `kith check` says so.
    """

    #: Databases that were seen to have the second index.
    _seen: set[str] = set()

    def __init__(self, connection: Any):
        self.connection = connection

    @staticmethod
    def create() -> list[str]:
        """Statements that make the index."""
        return [
            # The words themselves as lexemes: PostgreSQL's own parser would cut Thai and Indic words at their vowel signs.
            "CREATE INDEX kith_search ON objects_searchrow USING gin (array_to_tsvector(string_to_array(tokens, ' ')))",
            # A role without the right to make extensions, or a server without this one, goes on without it.
            """
            DO $$ BEGIN
                CREATE EXTENSION IF NOT EXISTS pg_trgm;
                CREATE INDEX IF NOT EXISTS kith_inside ON objects_searchrow USING gin (tokens gin_trgm_ops);
            EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
                NULL;
            END $$
            """,
        ]

    @staticmethod
    def drop() -> list[str]:
        """Statements that remove it."""
        return ["DROP INDEX IF EXISTS kith_search", "DROP INDEX IF EXISTS kith_inside"]

    def repair(self) -> None:
        """Make the second index where the extension has become available since."""
        if not self.inside:
            with self.connection.cursor() as cursor:
                cursor.execute(self.create()[1])

    @property
    def inside(self) -> bool:
        """Whether text inside words is found."""
        name = str(self.connection.settings_dict["NAME"])
        if name not in self._seen:
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT to_regclass('kith_inside') IS NOT NULL")
                if cursor.fetchone()[0]:
                    self._seen.add(name)
        return name in self._seen

    def added(self, rows: list[SearchRow]) -> None:
        """The indexes follow their table by themselves."""

    def dropping(self, rows: list[SearchRow]) -> None:
        """The indexes follow their table by themselves."""

    def holding(self, term: Term) -> tuple[str, list[Any]]:
        """The condition of rows that hold `term`, and its parameters."""
        if term.inside and self.inside:
            # Tokens hold letters and digits only: nothing in them means anything to LIKE.
            return "tokens LIKE %s", [f"%{term.tokens[0]}%"]
        found = "array_to_tsvector(string_to_array(tokens, ' ')) @@ CAST(%s AS tsquery)"
        if len(term.tokens) == 1:
            return found, [f"'{term.tokens[0]}':*"]
        pairs = " & ".join(f"'{pair}'" for pair in term.tokens)
        return f"{found} AND tokens LIKE %s", [pairs, f"%{term.written}%"]


def back_end(connection: Any) -> Fts5 | TsVector:
    """The index of this database."""
    return Fts5(connection) if connection.vendor == "sqlite" else TsVector(connection)


def question(connection: Any, words: list[Word], key: str, fields: list[str]) -> tuple[str, list[Any]]:
    """SQL that gives the records of the object `key` which hold every word of a question in these fields, each in any of its ways.

    One set for all words: PostgreSQL would guess how rarely two words meet, and walk the whole object to find out (1.5 s at 200,000
    records where the set takes 20 ms).
    """
    index = back_end(connection)
    rows = _ROWS.format(fields=", ".join(["%s"] * len(fields)))
    params: list[Any] = []

    def held(term: Term) -> str:
        condition, typed = index.holding(term)
        params.extend([key, *fields, *typed])
        return rows + condition

    def all_of(sets: list[str]) -> str:
        return sets[0] if len(sets) == 1 else " INTERSECT ".join(f"SELECT record FROM ({one}) AS one" for one in sets)  # noqa: S608

    def any_of(sets: list[str]) -> str:
        return sets[0] if len(sets) == 1 else " UNION ".join(f"SELECT record FROM ({one}) AS one" for one in sets)  # noqa: S608

    sql = all_of([any_of([all_of([held(term) for term in terms]) for terms in ways]) for ways in words])
    return sql, params
