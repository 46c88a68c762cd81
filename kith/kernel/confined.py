"""What a child process gives up before it looks at a file from outside: the network, new rights, and life after its parent.

Limits of memory, time and files are the child's own business, since it knows what it reads (see `objects/exchange/child.py`).
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def confine() -> None:
    """Run between fork and exec. What the kernel does not allow is left out: inside of many containers there are no namespaces."""
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # A network of its own, with nothing in it. Root may have one at once; others first need a user namespace.
    if os.geteuid() != 0 or _LIBC.unshare(_CLONE_NEWNET) != 0:
        _LIBC.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def child(script: Path, file: str | os.PathLike[str], argument: str) -> subprocess.Popen[bytes]:
    """Our own script in a fresh, confined interpreter, with `file` as its standard input and its answer on standard output."""
    with open(file, "rb") as source:
        # -I: nothing of the environment or of the current folder reaches the child's imports.
        return subprocess.Popen(  # noqa: S603 - our own interpreter, our own file, no shell
            [sys.executable, "-I", str(script), argument],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            close_fds=True,
            preexec_fn=confine,  # noqa: PLW1509 - it takes no lock and allocates nothing
        )
