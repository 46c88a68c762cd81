"""Draw the icons of the installed app, as PNG files, from our own favicon. A few shapes are understood: what that drawing is made of."""

import math
import re
import struct
import sys
import zlib
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DRAWING = ROOT / "kith/ui/static/ui/favicon.svg"
OUT = ROOT / "kith/config/static/app"
#: File → pixels of a side, rounding of the corners (of 24), size of the mark. A maskable icon is cut by the device to a shape of its own.
ICONS = {
    "icon-192": (192, 7.0, 1.0),
    "icon-512": (512, 7.0, 1.0),
    "mask-512": (512, 0.0, 0.8),
    "apple-180": (180, 0.0, 0.9),
}
BOX = 24.0
TURN = 12  # pieces that an arc is drawn in

Point = tuple[float, float]


def main() -> int:
    """Write every icon."""
    svg = DRAWING.read_text()
    ground, line = re.search(r'<rect[^>]*fill="#(\w{6})"', svg), re.search(r'<path d="([^"]+)"[^>]*>', svg)
    moved = re.search(r"translate\(([\d.]+)[ ,]+([\d.]+)\) scale\(([\d.]+)\)", svg)
    width = re.search(r'stroke-width="([\d.]+)"', svg)
    if not (ground and line and moved and width):
        print(f"{DRAWING.name} is not drawn as it was: look at scripts/app_icons.py.", file=sys.stderr)
        return 1
    x, y, scale = map(float, moved.groups())
    points = [(x + px * scale, y + py * scale) for px, py in outline(line[1])]
    colour = tuple(bytes.fromhex(ground[1]))
    OUT.mkdir(parents=True, exist_ok=True)
    for name, (size, corner, share) in ICONS.items():
        (OUT / f"{name}.png").write_bytes(drawn(points, float(width[1]) * scale, colour, size, corner, share))
    return 0


def outline(path: str) -> list[Point]:
    """The corners of a closed path of M, h, l, a and A; arcs become short lines."""
    found: list[Point] = []
    at: Point = (0.0, 0.0)
    for command, given in re.findall(r"([MhlaAz])([^MhlaAz]*)", path):
        numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", given)]
        if command in "aA":
            for i in range(0, len(numbers), 7):
                # Flags may stand together with what follows: "0 0 1-.78" is read right, "01" would not be; our drawing has none.
                radius, _ry, _tilt, large, sweep, dx, dy = numbers[i : i + 7]
                to = (dx, dy) if command == "A" else (at[0] + dx, at[1] + dy)
                found += arc(at, to, radius, large=bool(large), sweep=bool(sweep))
                at = to
        elif command == "M":
            at = (numbers[0], numbers[1])
            found.append(at)
            # What follows a move are lines; the drawing has none of them.
        elif command == "h":
            at = (at[0] + numbers[0], at[1])
            found.append(at)
        elif command == "l":
            for i in range(0, len(numbers), 2):
                at = (at[0] + numbers[i], at[1] + numbers[i + 1])
                found.append(at)
    return [*found, found[0]]


def arc(start: Point, end: Point, radius: float, *, large: bool, sweep: bool) -> list[Point]:
    """Points on a circle's arc from `start` to `end` (SVG 1.1, F.6.5)."""
    mx, my = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    half = math.hypot(mx, my)
    radius = max(radius, half)
    off = math.sqrt(max(0.0, radius**2 - half**2)) / half * (1 if large != sweep else -1)
    cx, cy = (start[0] + end[0]) / 2 + off * my, (start[1] + end[1]) / 2 - off * mx
    first = math.atan2(start[1] - cy, start[0] - cx)
    last = math.atan2(end[1] - cy, end[0] - cx)
    if sweep and last < first:
        last += 2 * math.pi
    if not sweep and last > first:
        last -= 2 * math.pi
    turns = (first + (last - first) * i / TURN for i in range(1, TURN + 1))
    return [(cx + radius * math.cos(t), cy + radius * math.sin(t)) for t in turns]


def drawn(points: list[Point], width: float, colour: tuple[int, ...], size: int, corner: float, share: float) -> bytes:
    """A PNG of the mark as a white line on a ground of `colour`."""
    unit = size / BOX
    near = [[math.inf] * size for _row in range(size)]
    scaled = [(((x - BOX / 2) * share + BOX / 2) * unit, ((y - BOX / 2) * share + BOX / 2) * unit) for x, y in points]
    reach = width * share * unit / 2
    for (ax, ay), (bx, by) in pairwise(scaled):
        dx, dy = bx - ax, by - ay
        long = dx * dx + dy * dy or 1.0
        for row in range(max(0, int(min(ay, by) - reach - 2)), min(size, int(max(ay, by) + reach + 2))):
            for column in range(max(0, int(min(ax, bx) - reach - 2)), min(size, int(max(ax, bx) + reach + 2))):
                px, py = column + 0.5 - ax, row + 0.5 - ay
                t = max(0.0, min(1.0, (px * dx + py * dy) / long))
                far = math.hypot(px - t * dx, py - t * dy)
                if far < near[row][column]:
                    near[row][column] = far
    rows = []
    for row in range(size):
        line = bytearray(b"\0")
        for column in range(size):
            white = max(0.0, min(1.0, reach + 0.5 - near[row][column]))
            ground = max(0.0, min(1.0, 0.5 - outside(column + 0.5, row + 0.5, size, corner * unit)))
            line += bytes(round(c + (255 - c) * white) for c in colour) + bytes([round(255 * ground)])
        rows.append(bytes(line))
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def outside(x: float, y: float, size: float, corner: float) -> float:
    """How far a point lies outside of a square with rounded corners; negative inside."""
    qx, qy = abs(x - size / 2) - size / 2 + corner, abs(y - size / 2) - size / 2 + corner
    return math.hypot(max(qx, 0.0), max(qy, 0.0)) + min(max(qx, qy), 0.0) - corner


if __name__ == "__main__":
    sys.exit(main())
