"""Writes the typed parts of this client from an OpenAPI document of Kith.

    python -m kith_client.describe openapi.json --to my_house        # described.py and shelves.py, with your own fields and objects
    python -m kith_client.describe - --to my_house < openapi.json

What is sent and got stays plain JSON: a type here is a TypedDict, which is nothing but a dict while the program runs.
"""

from __future__ import annotations

import argparse
import json
import keyword
import sys
from pathlib import Path
from typing import Any

Json = dict[str, Any]
FIRST = '"""Written by kith_client.describe from the description of the doors; changes here are lost. {what}"""\n'
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
#: Names of a house that no object can take.
TAKEN = ("runs", "webhooks", "incoming_webhooks", "of", "me", "objects", "object", "description", "changes", "close")


def written(document: Json, library: str = ".") -> dict[str, str]:
    """The files by name. `library` is where they find the rest of this client."""
    slugs = [path.split("/")[3] for path in document["paths"] if path.endswith("/bulk")]
    return {"described.py": _Types(document, slugs).text(), "shelves.py": _shelves(document, slugs, library)}


class _Types:
    """Schemas as types, each once, and each after what it is made of."""

    def __init__(self, document: Json, slugs: list[str]):
        self.schemas: Json = document["components"]["schemas"]
        self.slugs = slugs
        self.said: dict[str, str] = {}

    def text(self) -> str:
        generic = [name for name in self.schemas if name.partition(".")[0] not in self.slugs]
        for name in generic:
            self.type_of({"$ref": f"#/components/schemas/{name}"}, "")
        for slug in self.slugs:
            self.named(slug, self.schemas[slug])
            for name in sorted(
                n for n in self.schemas if n.startswith((f"{slug}.create", f"{slug}.change", f"{slug}.do."))
            ):
                self.named(name, self.schemas[name]["properties"]["values"])
        head = FIRST.format(what="What comes and goes, as JSON.")
        return (
            f"{head}\nfrom __future__ import annotations\n\nfrom typing import Any, Literal, NotRequired, TypedDict\n\n\n"
            + "\n\n".join(self.said.values())
        )

    def named(self, name: str, schema: Json) -> str:
        """The type of a schema that has a name."""
        called = class_name(name) + ("Record" if name in self.slugs else "")
        if called in self.said:
            return called
        if schema.get("properties") or schema.get("additionalProperties") is False:
            self.said[called] = ""  # keeps its place, and ends a circle
            said = self.of_object(called, schema)
            del self.said[called]
            self.said[called] = said
        else:
            found = self.type_of(schema, f"{called}Item")
            if found != called:
                self.said[called] = f"{called} = {found}\n"
        return called

    def type_of(self, schema: Json, called: str) -> str:
        """The type of any schema; `called` is what it is named when it needs a name."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self.named(name, self.schemas[name])
        for way in ("oneOf", "anyOf"):
            if way in schema and "type" not in schema:
                return " | ".join(dict.fromkeys(self.type_of(one, called) for one in schema[way]))
        if "const" in schema or "enum" in schema:
            values = [schema["const"]] if "const" in schema else schema["enum"]
            return f"Literal[{', '.join(literal(value) for value in values)}]"
        sorts = schema.get("type", [])
        return (
            " | ".join(self.of_sort(s, schema, called) for s in ([sorts] if isinstance(sorts, str) else sorts)) or "Any"
        )

    def of_sort(self, sort: str, schema: Json, called: str) -> str:
        if sort == "array":
            return f"list[{self.type_of(schema.get('items', {}), called)}]"
        if sort != "object":
            return PLAIN[sort]
        if schema.get("properties"):
            return self.named(called, schema)
        inner = schema.get("additionalProperties")
        return f"dict[str, {self.type_of(inner, called) if isinstance(inner, dict) else 'Any'}]"

    def of_object(self, called: str, schema: Json) -> str:
        needed = schema.get("required", [])
        plain, parts = [], []
        for name, inner in schema.get("properties", {}).items():
            found = self.type_of(inner, called + class_name(name))
            if name.isidentifier() and not keyword.iskeyword(name):
                plain.append(f"    {name}: {found if name in needed else f'NotRequired[{found}]'}\n")
            else:
                parts.append(f"    {literal(name)}: {literal(found)},\n")
        above, before = "TypedDict", ""
        if parts:
            # A name with a point cannot stand in a class.
            above = f"{called}Parts"
            before = f"{above} = TypedDict({literal(above)}, {{\n{''.join(parts)}}}, total=False)\n\n\n"
        about = (
            f'    """{schema.get("title") or "As the description says it"}."""\n\n' if plain else '    """Nothing."""\n'
        )
        return f"{before}class {called}({above}):\n{about}{''.join(plain)}"


def _shelves(document: Json, slugs: list[str], library: str) -> str:
    paths, schemas = document["paths"], document["components"]["schemas"]
    titles = {tag["name"]: tag.get("description", "") for tag in document.get("tags", ())}
    used: set[str] = set()
    classes = []
    for slug in slugs:
        name = class_name(slug)
        types = f"{name}Record", f"{name}Create", f"{name}Change"
        used.update(types)
        body = [f'class {name}(Objects[{", ".join(types)}]):\n    """{titles.get(slug) or slug}."""\n']
        at = f"/api/v1/{slug}/{{id}}/actions/"
        for path in paths:
            if not path.startswith(at):
                continue
            action = path.removeprefix(at)
            takes = f"{name}Do{class_name(action)}"
            used.add(takes)
            must = schemas[f"{slug}.do.{action}"]["properties"]["values"].get("required")
            values = f"values: {takes}" if must else f"values: {takes} | None = None"
            body.append(
                f"\n    def {safe(action)}(self, record: {types[0]} | int, {values}, *, key: str | None = None) -> {types[0]}:\n"
                f'        """{paths[path]["post"]["summary"]}."""\n'
                f"        return self.do(record, {literal(action)}, values, key=key)\n"
            )
        classes.append("".join(body))
    shelf = "".join(
        f"        self.{_attribute(slug)} = {class_name(slug)}(asking, {literal(slug)})\n" for slug in slugs
    )
    near = f"{library}." if library != "." else "."
    head = FIRST.format(what="Each object with its actions.")
    return (
        f"{head}\nfrom __future__ import annotations\n\nfrom {near}asking import Asking\nfrom .described import (\n"
        + "".join(f"    {name},\n" for name in sorted(used))
        + f")\nfrom {near}objects import Objects\n\n\n"
        + "\n\n".join(classes)
        + '\n\nclass Shelves:\n    """Every object of the description."""\n\n'
        + f"    def _put_up(self, asking: Asking) -> None:\n{shelf or '        return'}"
    )


def class_name(name: str) -> str:
    """What a schema is called as a class: "kind.person_name" → "PersonName"."""
    parts = name.removeprefix("kind.").replace(".", "_").replace("-", "_").split("_")
    return "".join(part[:1].upper() + part[1:] for part in parts)


def safe(name: str) -> str:
    """A name that Python takes."""
    found = name.replace("-", "_")
    return f"{found}_" if keyword.iskeyword(found) else found


def _attribute(slug: str) -> str:
    return f"{safe(slug)}_" if slug in TAKEN else safe(slug)


def literal(value: Any) -> str:
    """A value as Python writes it, with double quotes."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def main() -> int:
    """Read the command line and write the files."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("document", help="the file with the document, - for what comes in")
    asked.add_argument("--to", required=True, type=Path, help="the folder that gets described.py and shelves.py")
    asked.add_argument("--library", default="kith_client", help="where the rest of the client is imported from")
    told = asked.parse_args()
    text = sys.stdin.read() if told.document == "-" else Path(told.document).read_text(encoding="utf-8")
    told.to.mkdir(parents=True, exist_ok=True)
    for name, said in written(json.loads(text), told.library).items():
        (told.to / name).write_text(said, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
