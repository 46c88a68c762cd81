"""The worker inside a test: does everything that is due, in the test's own transaction."""

from __future__ import annotations

from unittest.mock import patch

from kith.events import worker


def drain() -> None:
    """Deliver, run jobs and chores until nothing is due."""
    # A worker of its own process drops old connections between tasks; here that would be the test's, with its open transaction.
    with patch("django_tasks_db.management.commands.db_worker.close_old_connections"):
        worker.once()
