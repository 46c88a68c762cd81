"""The catalogues of translations, without the gettext programs.

Each room has its own: kith/<room>/locale/<language>/LC_MESSAGES/django.po, compiled to a .mo that git ignores.
Use: python scripts/catalogues.py VERB, where VERB is one of

extract  show what the sources say, room by room
update   bring every .po in line with the sources, keeping translations
compile  write the .mo files
check    fail on a sentence that is missing, fuzzy, empty, no longer used, or whose holes differ from the source's
pseudo   FOLDER: write there the catalogues of two languages that nobody speaks, for tests: en-XA has every sentence in brackets, with
         accents and 40 % longer; ar-XB has it in brackets and from right to left
"""

import io
import itertools
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fi", "zh_Hans", "fa", "sl")
CALLS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
MOST = 40  # faults that are shown; more would only push the first ones out of sight
HOLE = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
# Times and program names would make every update a change.
VAIN = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To): .*\n',
    re.MULTILINE,
)
# As CLDR has it; Babel's own table for gettext says that Persian has one form.
PLURALS = {"fa": "nplurals=2; plural=(n > 1);"}

_PIECES = re.compile(r"(%\(\w+\)[a-z]|\{\w*\}|<[^>]*>)")
_ACCENTS = str.maketrans("aceinouyACEINOUSZ", "åçéîñöûýÅÇÉÎÑÖÛŠŽ")


def main(verb: str = "", *rest: str) -> int:
    """Carry out one verb for all rooms; return 0, or 1 when something is wrong."""
    if verb == "pseudo" and len(rest) == 1:
        return pseudo(Path(rest[0]))
    verbs = {"extract": show, "update": update, "compile": compile_all, "check": check}
    if verb not in verbs or rest:
        print(__doc__)
        return 2
    return verbs[verb]()


def show() -> int:
    """Print how many sentences each room has."""
    for room, catalogue in spoken():
        print(f"{room.name}: {len(catalogue)} sentences")
    return 0


def update() -> int:
    """Write each room's .po files anew from the sources and the translations that are there."""
    for room, template in spoken():
        for language in LANGUAGES:
            file = po_file(room, language)
            catalogue = read(file, language)
            # Never by likeness: a translation that nobody wrote for this sentence is worse than none.
            catalogue.update(template, no_fuzzy_matching=True)
            file.parent.mkdir(parents=True, exist_ok=True)
            if (text := written(catalogue)) != (file.read_text(encoding="utf-8") if file.exists() else ""):
                file.write_text(text, encoding="utf-8")
                print(f"wrote {file.relative_to(ROOT)}")
    return 0


def compile_all() -> int:
    """Write a .mo beside each .po."""
    number = 0
    for file in sorted(ROOT.glob("kith/*/locale/*/LC_MESSAGES/django.po")):
        out = io.BytesIO()
        write_mo(out, read(file, file.parts[-3]))
        compiled = file.with_suffix(".mo")
        if not compiled.exists() or compiled.read_bytes() != out.getvalue():
            compiled.write_bytes(out.getvalue())
        number += 1
    print(f"{number} catalogues compiled")
    return 0


def check() -> int:
    """Print every fault; return 1 when there was one."""
    faults: list[str] = []
    total = 0
    for room, template in spoken():
        total += len(template)
        for language in LANGUAGES:
            name = po_file(room, language).relative_to(ROOT)
            faults += [f"{name}: {fault}" for fault in faults_of(template, read(po_file(room, language), language))]
    for fault in faults[:MOST]:
        print(fault)
    if len(faults) > MOST:
        print(f"… and {len(faults) - MOST} more")
    print(f"{total} sentences in {len(LANGUAGES)} languages, {len(faults)} faults")
    return 1 if faults else 0


def pseudo(folder: Path) -> int:
    """Write the compiled catalogues of the pseudo-languages under `folder`, as one of LOCALE_PATHS has them."""
    for locale, bent in PSEUDO.items():
        catalogue = Catalog(locale="en", domain="django", project="Kith", version="1", charset="utf-8", fuzzy=False)
        for _room, template in spoken():
            for message in messages(template):
                said = bent(message.id) if isinstance(message.id, str) else tuple(map(bent, message.id))
                catalogue.add(message.id, said, context=message.context)
        file = folder / locale / "LC_MESSAGES" / "django.mo"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            write_mo(out, catalogue)
        print(f"wrote {file}")
    return 0


def longer(text: str) -> str:
    """`text` in brackets, with accents, and 40 % longer; holes and blanks around it stay."""
    accented = "".join(part if n % 2 else part.translate(_ACCENTS) for n, part in enumerate(_PIECES.split(text)))
    bare = accented.strip()
    more = "".join(itertools.islice(itertools.cycle("ölöng wörd"), max(2, len(HOLE.sub("", bare)) * 2 // 5)))
    return accented.replace(bare, f"⟦{bare}{more.rstrip()}⟧") if bare else text


def mirrored(text: str) -> str:
    """`text` in brackets, its words from right to left as Arabic would be."""
    bare = text.strip()
    return text.replace(bare, f"⟦\u202e{bare}\u202c⟧") if bare else text


def faults_of(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    """Yield what is wrong with `catalogue` as a translation of `template`."""
    for source in messages(template):
        said = catalogue.get(source.id, source.context)
        texts = () if said is None else _texts(said.string)
        label = repr(_texts(source.id)[0])
        if said is None:
            yield f"missing: {label}"
        elif said.fuzzy:
            yield f"fuzzy: {label}"
        elif not texts or not all(texts) or (source.pluralizable and len(texts) != catalogue.num_plurals):
            yield f"not translated: {label}"
        elif any(holes(text) - holes_of(source) for text in texts) or not any(
            holes(text) == holes_of(source) for text in texts
        ):
            yield f"other holes than the source: {label}"
    for said in messages(catalogue):
        if template.get(said.id, said.context) is None:
            yield f"no longer used: {said.id!r}"


def spoken() -> Iterator[tuple[Path, Catalog]]:
    """Yield each room that says something, with the catalogue of its sentences."""
    for room in sorted((ROOT / "kith").iterdir()):
        if not room.is_dir() or room.name == "__pycache__":
            continue
        catalogue = Catalog(domain="django", project="Kith", version="1", charset="utf-8", fuzzy=False)
        for file in sorted((*room.rglob("*.py"), *room.rglob("*.html"), *room.rglob("*.txt"))):
            if {"migrations", "tests", "locale", "static"} & set(file.relative_to(room).parts):
                continue
            for _line, ids, comments, context in sentences(file):
                place = (file.relative_to(ROOT).as_posix(), 1)
                catalogue.add(ids, locations=[place], auto_comments=comments, context=context)
        if len(catalogue):
            yield room, catalogue


def sentences(file: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    """Yield (line, sentence or its plural forms, comments for translators, context) of one source file."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        # Django makes Python of a template by blanking out all else; what is left of its indentation is no Python.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(file)).splitlines())
    yield from extract("python", io.BytesIO(text.encode()), CALLS, ("Translators:",), {"encoding": "utf-8"})


def messages(catalogue: Catalog) -> list[Message]:
    """Return the sentences of `catalogue`, without the header, which it counts as one."""
    return [message for message in catalogue if message.id]


def _texts(string: object) -> tuple[str, ...]:
    return tuple(str(text or "") for text in (string if isinstance(string, tuple | list) else (string,)))


def holes(text: str) -> set[str]:
    """Return the named holes of one text."""
    return set(HOLE.findall(text))


def holes_of(source: Message) -> set[str]:
    """Return the named holes of a sentence, in all its plural forms."""
    return set().union(*(holes(text) for text in _texts(source.id)))


def po_file(room: Path, language: str) -> Path:
    """Return where the translation of a room into a language is kept."""
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


def read(file: Path, language: str) -> Catalog:
    """Return the catalogue in `file`; an empty one when there is no such file."""
    if not file.exists():
        catalogue = Catalog(locale=language, domain="django", project="Kith", version="1", charset="utf-8", fuzzy=False)
        if language in PLURALS:
            catalogue.mime_headers = [("Plural-Forms", PLURALS[language])]
        return catalogue
    with file.open("rb") as po:
        return read_po(po, locale=language, domain="django")


def written(catalogue: Catalog) -> str:
    """Return the catalogue as the text of a .po file: sorted, without line numbers or times, to be compared well."""
    catalogue.header_comment = ""
    out = io.BytesIO()
    write_po(out, catalogue, sort_output=True, ignore_obsolete=True, include_lineno=False, width=110)
    return VAIN.sub("", out.getvalue().decode("utf-8")).lstrip("\n")


#: Pseudo-languages and what they do to a sentence; never among the languages that people choose from.
PSEUDO = {"en_XA": longer, "ar_XB": mirrored}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
