"""What a link holds: a reference to a record, or the words of somebody who wants one."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reference:
    """A record of another object: `object` is its key, `id` its number. These two are the value.

    The rest is what may be shown of it, filled by the read path for whoever looks: an empty `title` means that the viewer may
    not see the record, an empty `url` that it has no page of its own.
    """

    object: str
    id: int
    title: str = field(default="", compare=False)
    url: str = field(default="", compare=False)
    hue: int | None = field(default=None, compare=False)
    slug: str = field(default="", compare=False)


@dataclass(frozen=True)
class Wanted:
    """A record asked for by its title, e-mail address or other words; the write path looks for it through the read gate."""

    text: str
    object: str = ""
