"""What stands written about an address: who may come, by which methods, with which right, and what of it is written down."""

from __future__ import annotations

from dataclasses import dataclass

from .guarded import TRACKERS

ANYONE, USER, ADMIN, TOKEN = "anyone", "user", "admin", "token"


@dataclass(frozen=True)
class Policy:
    """`who`: "anyone", "user" (somebody signed in) or "admin" (an administrator), "token" (a program with a
    bearer token, which the address checks itself and which no browser sends by itself). `methods`: what is answered; HEAD goes with GET.

    `verb`: the right that is needed on the object named by the address ("" when the address names none). `writes`: whether a POST
    changes records, which the write path then checks and records again; `audit` says in words what the ledger keeps of it.
    `tracker`: the tracker of kith.kernel.guarded for which a GET here may write; every other GET runs on a connection that only reads.
    `upload`: bytes of the largest file that is taken here; everywhere else a body ends at DATA_UPLOAD_MAX_MEMORY_SIZE.
    `step_up`: asks for a fresh proof (at most fifteen minutes old) before, and goes on with what was typed; "POST": looking needs none.
    `download`: the answer is a file, so the person stays on the page before. `halfway`: open to somebody who still has to add the second
    factor that this installation asks for. `elsewhere`: another site's page may post here, because a protocol wants it; what comes is
    checked by that. `kept`: a device may keep the page for its reader, to be
    read without a network: "page", or "form" for what is filled in.
    """

    who: str = USER
    methods: tuple[str, ...] = ("GET",)
    verb: str = ""
    writes: bool = False
    audit: str = ""
    step_up: bool | str = False
    download: bool = False
    halfway: bool = False
    elsewhere: bool = False
    tracker: str = ""
    upload: int = 0
    kept: str = ""

    def __post_init__(self) -> None:
        if self.tracker and self.tracker not in TRACKERS:
            raise ValueError(f"{self.tracker!r} is no tracker; kith.kernel.guarded lists them.")
        if self.kept and (self.step_up or self.download or self.who != USER):
            raise ValueError("What needs a fresh proof, is a file or is nobody's in particular is not kept on devices.")
