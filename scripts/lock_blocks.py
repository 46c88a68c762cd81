"""Read a lock of Python packages."""


def blocks(lock: str) -> list[str]:
    """Return the parts of a lock: its head, and each package with its hashes."""
    parts: list[str] = [""]
    for line in lock.splitlines(keepends=True):
        if line[:1] not in {" ", "#", "\n"}:
            parts.append("")
        parts[-1] += line
    return [part for part in parts if part]
