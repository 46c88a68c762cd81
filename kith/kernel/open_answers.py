"""Answers that stay open: what the pages and the doors put beside a request, and what takes it up (kith.config.asgi).

Both are keys of a WSGI environ. Behind a server that cannot keep answers open, the first is not there.
"""

from __future__ import annotations

#: That somebody before the application can keep an answer open.
DOOR = "kith.door"
#: What a page is to be told (kith.ui.live.Reader), and what a program is (kith.api.rest.changes.Follower).
READER, FOLLOWER = "kith.live", "kith.feed"
