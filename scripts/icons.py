"""Write one SVG sprite of only the icons that the house names, from Lucide as the dj-lucide package carries it."""

import importlib.util
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPRITE = ROOT / "kith/config/static/icons.svg"
EXTRA = (
    ROOT / "assets/icons.txt"
)  # names that are put together at run time, so that no reading of the source finds them

NAME = r"[\"']([a-z][a-z0-9]*(?:-[a-z0-9]+)*)[\"']"
CERTAIN = [
    re.compile(r"\{%\s*icon\s+" + NAME),  # {% icon "house" %} in a template
    re.compile(r"\bicon\(\s*" + NAME),  # icon("house") in Python
    re.compile(r"\bicon=" + NAME),  # icon="house" in a call
    # icon = "house"; not the last name of `key, icon = "deal", "house"`
    re.compile(r"^\s*icon\s*(?::\s*str\s*)?=\s*" + NAME),
]
LIKELY = re.compile(
    NAME
)  # any word in quotes on a line that speaks of icons, or gives an option its looks: `key, icon, title = "sales.deal", "handshake", …`
#: Names of icons that stand on such lines as words for something else.
WORDS = {
    "box",
    "boxes",
    "code",
    "command",
    "currency",
    "files",
    "form",
    "key",
    "save",
    "sheet",
    "tags",
    "view",
    "webhook",
}


def main() -> int:
    """Write the sprite; return 1 when a named icon does not exist."""
    drawings = drawings_of_lucide()
    wanted, unknown = named_icons(sources(), set(drawings))
    if EXTRA.exists():
        listed = set(re.sub(r"#.*", "", EXTRA.read_text()).split())
        wanted |= listed & set(drawings)
        unknown += [f"{EXTRA.relative_to(ROOT)}: {name}" for name in sorted(listed - set(drawings))]
    for place in unknown:
        print(f"There is no Lucide icon of this name: {place}", file=sys.stderr)
    if unknown:
        return 1
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    SPRITE.write_text(sprite({name: drawings[name] for name in sorted(wanted)}))
    print(f"{len(wanted)} icons, {SPRITE.stat().st_size / 1024:.0f} KB")
    return 0


def sources() -> Iterator[Path]:
    """Yield the files in which an icon may be named."""
    for pattern in ("kith/**/*.py", "kith/**/*.html", "assets/js/*.js", "tests/toybox/**/*.py"):
        yield from (file for file in ROOT.glob(pattern) if "migrations" not in file.parts)


def named_icons(files: Iterable[Path], known: set[str]) -> tuple[set[str], list[str]]:
    """Return the icons named in `files`, and the places ("file:line: name") that name one which does not exist."""
    wanted: set[str] = set()
    unknown: list[str] = []
    for file in sorted(files):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            # Tables give an icon beside a label: `"account.unlinked": ("unlink", lazy("…"))`.
            if "icon" not in line.lower() and "Option(" not in line and "lazy(" not in line:
                continue
            certain = {name for pattern in CERTAIN for name in pattern.findall(line)}
            unknown += [f"{file.relative_to(ROOT)}:{number}: {name}" for name in sorted(certain - known)]
            # In a template the attributes of HTML are words in quotes, too.
            likely = set(LIKELY.findall(line)) - WORDS if file.suffix == ".py" else set()
            wanted |= (certain | likely) & known
    return wanted, unknown


def drawings_of_lucide() -> dict[str, str]:
    """Return every icon's SVG by its name."""
    spec = importlib.util.find_spec("lucide")
    if spec is None or spec.origin is None:
        sys.exit("The dj-lucide package is missing; install requirements.lock.")
    with zipfile.ZipFile(Path(spec.origin).parent / "lucide.zip") as archive:
        return {Path(name).stem: archive.read(name).decode() for name in archive.namelist() if name.endswith(".svg")}


def sprite(drawings: dict[str, str]) -> str:
    """Return the sprite: one <symbol> for each drawing, with its name as the id."""
    parts = ['<svg xmlns="http://www.w3.org/2000/svg">']
    for name, svg in drawings.items():
        match = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
        if match is None:
            raise ValueError(f"The drawing of {name} is not an SVG.")
        inner = re.sub(r"\s+", " ", match.group(1)).replace("> <", "><").strip()
        parts.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    return "".join([*parts, "</svg>"])


if __name__ == "__main__":
    sys.exit(main())
