"""At the end of a run: which items of the interaction list were shown, and by what."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

#: What the daily screens cover, in the order of the list.
ITEMS = {
    "Shell and navigation": range(1, 9),
    "Record list": range(9, 31),
    "Peek": range(31, 34),
    "Record page": range(34, 47),
    "Board": range(47, 55),
    "Command menu, search, quick create": range(55, 61),
    "Notifications and inbox": range(61, 64),
    "Empty, first run, settings": range(64, 69),
    "Loading, errors, offline": range(81, 85),
    "Accessibility and languages": range(85, 93),
}
#: Item → why it is not shown.
NOT_YET: dict[int, str] = {
    4: "one installation is one workspace, and tasks and reports have no room yet; the rest of the sidebar is tested",
    19: "the house sends no mail to people of its lists yet, so the bar has no button for it; the rest is tested, with tags as lists",
    62: "nothing is pushed yet, so there is no switch for it; the rest is tested",
}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table when any test said what it shows."""
    passed: dict[int, int] = defaultdict(int)
    failed: dict[int, int] = defaultdict(int)
    for outcome, counted in (("passed", passed), ("failed", failed)):
        for report in terminalreporter.stats.get(outcome, []):
            if outcome == "passed" and report.when != "call":
                continue
            for name, items in getattr(report, "user_properties", []):
                if name == "shows":
                    for item in items:
                        counted[item] += 1
    if not passed and not failed:
        return
    write = terminalreporter.write_line
    terminalreporter.section("items of the interaction list")
    shown = 0
    for heading, numbers in ITEMS.items():
        write(heading)
        for number in numbers:
            well = passed[number] and not failed[number]
            shown += bool(well)
            said = (
                f"shown by {passed[number]}"
                if well
                else f"FAILS in {failed[number]}"
                if failed[number]
                else "not shown"
            )
            write(f"  {number:>3}  {said}{'' if well else ': ' + NOT_YET[number] if number in NOT_YET else ''}")
    write(f"{shown} of {sum(map(len, ITEMS.values()))} shown")
