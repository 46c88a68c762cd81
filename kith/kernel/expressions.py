"""SQL expressions of our own, for what the ORM would write in a form that no index serves."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import BigIntegerField, BooleanField, CharField, Func, IntegerField, TextField, Value

_KEY = re.compile(r"[a-z][a-z0-9_]{0,40}\Z")

_OUTPUT = {"text": TextField, "number": BigIntegerField, "boolean": BooleanField, "json": TextField}
_CAST = {"text": "", "number": "::bigint", "boolean": "::boolean", "json": ""}


class JsonPart(Func):
    """One value inside a JSON column, by keys that stand in the SQL itself.

    Django binds the path as a parameter, so that SQLite ignores every index on it (813 ms against under 0.1 ms at a million
    rows). The keys are checked here and come from the field registry, never from a client.
    """

    arity = 1
    output_field = TextField()

    def __init__(self, expression: Any, *keys: str, output: str = "text", **extra: Any):
        for key in keys:
            if not _KEY.match(key):
                raise ValueError(f"{key!r} cannot be a key of a JSON column.")
        super().__init__(expression, output_field=_OUTPUT[output](), **extra)
        self.keys = keys
        self.output = output

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """`json_extract(column, '$.a.b')`."""
        inner, params = compiler.compile(self.source_expressions[0])
        return f"json_extract({inner}, '$.{'.'.join(self.keys)}')", params

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """`(column ->> 'a')`, cast when it is no text."""
        inner, params = compiler.compile(self.source_expressions[0])
        steps = "".join(f" -> '{key}'" for key in self.keys[:-1])
        sql = f"({inner}{steps} ->> '{self.keys[-1]}')"
        cast = _CAST[self.output]
        return (f"({sql}){cast}" if cast else sql), params


class LowerText(Func):
    """Text in lower case in every script: SQLite's own LOWER knows ASCII only, so a function of ours stands in for it."""

    arity = 1
    function = "LOWER"
    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """`kith_lower(…)`, which `prepare_connection` makes known."""
        return super().as_sql(compiler, connection, function="kith_lower", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """`LOWER(…)`, by ICU's rules for no language in a database whose own know ASCII only, or Turkish."""
        if not _lowers_all(connection):
            extra["template"] = '%(function)s(%(expressions)s COLLATE "und-x-icu")'
        return super().as_sql(compiler, connection, **extra)


#: By the name of a database: whether its own LOWER does as Python's does.
_lowers: dict[str, bool] = {}


def _lowers_all(connection: Any) -> bool:
    name = str(connection.settings_dict["NAME"])
    if name not in _lowers:
        with connection.cursor() as cursor:
            cursor.execute("SELECT LOWER('IÄЖ') = 'iäж' OR to_regcollation('\"und-x-icu\"') IS NULL")
            _lowers[name] = bool(cursor.fetchone()[0])
    return _lowers[name]


class PlaceOf(Func):
    """The place of a code of two letters A–Z in a list of such codes, from 1; NULL for anything else.

    Looked up in a table of 26 × 26 places, so that a list of 250 countries costs no more than one of two.
    """

    output_field = IntegerField()
    _WIDTH = 3

    def __init__(self, code: Any, codes: Any, **extra: Any):
        table = [b"000"] * (26 * 26)
        for place, (first, second) in enumerate(codes, 1):
            table[(ord(first) - 65) * 26 + ord(second) - 65] = b"%03d" % place
        super().__init__(code, Value(b"".join(table)), **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Three digits out of a blob, whose bytes are reached without counting characters."""
        at = f"(unicode(%(code)s) - 65) * {26 * self._WIDTH} + (unicode(substr(%(code)s, 2)) - 65) * {self._WIDTH} + 1"
        found = f"CAST(substr(%(table)s, {at}, {self._WIDTH}) AS INTEGER)"
        return self._within("GLOB '[A-Z][A-Z]'", found, compiler)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Three digits out of bytes."""
        at = f"(ascii(%(code)s) - 65) * {26 * self._WIDTH} + (ascii(substr(%(code)s, 2)) - 65) * {self._WIDTH} + 1"
        found = f"CAST(convert_from(substr(CAST(%(table)s AS bytea), {at}, {self._WIDTH}), 'SQL_ASCII') AS INTEGER)"
        return self._within("~ '^[A-Z]{2}$'", found, compiler)

    def _within(self, shape: str, found: str, compiler: Any) -> Any:
        code, params = compiler.compile(self.source_expressions[0])
        table, more = compiler.compile(self.source_expressions[1])
        sql = f"NULLIF(CASE WHEN {code} {shape} THEN {found % {'code': code, 'table': table}} END, 0)"
        return sql, [*params, *more, *params, *params]


class ByBytes(Func):
    """The same value; text compares by its bytes, as SQLite does anyway, whatever order PostgreSQL's database was made with."""

    arity = 1
    template = "%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """`value COLLATE "C"` of text."""
        is_text = isinstance(self.output_field, CharField | TextField)
        return super().as_sql(
            compiler, connection, template='(%(expressions)s COLLATE "C")' if is_text else None, **extra
        )


def prepare_connection(sender: Any = None, connection: Any = None, **rest: Any) -> None:
    """Teach a new SQLite connection the functions that our expressions use."""
    if connection is not None and connection.vendor == "sqlite":
        connection.connection.create_function(
            "kith_lower", 1, lambda text: text.lower() if isinstance(text, str) else text, deterministic=True
        )
