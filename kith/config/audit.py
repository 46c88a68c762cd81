"""`kith audit`: whether the ledger is as it was written."""

import argparse
import re
import sys
from typing import Any


def add_verbs(verbs: Any) -> None:
    """Add `kith audit verify` and `kith audit head` to the command line."""
    audit = verbs.add_parser(
        "audit", help="whether the ledger is as it was written", description="The chain over the ledger."
    )
    deeds = audit.add_subparsers(title="commands", metavar="COMMAND", required=True)
    sub = deeds.add_parser(
        "verify",
        help="read the whole ledger and its chain",
        description="Read the whole ledger and its chain. Exit code 1 when anything was changed, taken away or put in between.",
    )
    sub.set_defaults(run=verify)
    sub.add_argument(
        "--noted", type=_head, metavar="HEAD", help="what `kith audit head` printed at some time, or the log holds"
    )
    sub = deeds.add_parser(
        "head",
        help="print the end of the chain, to be noted elsewhere",
        description="Seal what waits, and print the end of the chain.",
    )
    sub.set_defaults(run=show_head)


def verify(told: argparse.Namespace) -> int:
    """Print what was read and what is wrong; return 1 when something is."""
    from kith.events import chain  # rooms can be imported only once Django is set up

    verdict = chain.verify(chain.Head(*told.noted) if told.noted else None)
    for fault in verdict.faults:
        _say(fault)
    whole = "The ledger is as it was written" if not verdict.faults else "The ledger was tampered with"
    waits = f"; {verdict.waiting} newer ones wait for their link" if verdict.waiting else ""
    _say(f"{whole}: {verdict.links} links over {verdict.events} events{waits}. The chain ends at {chain.head()}.")
    return 1 if verdict.faults else 0


def show_head(_told: argparse.Namespace) -> int:
    """Seal what waits, and print the end of the chain."""
    from kith.events import chain

    while chain.seal():
        continue
    _say(chain.head())
    return 0


def _head(text: str) -> tuple[int, str]:
    found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text.strip())
    if not found:
        raise argparse.ArgumentTypeError("a head is a number, a colon and 64 digits, as `kith audit head` prints it")
    return int(found[1]), found[2]


def _say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
