"""How long what was sent and what came in is kept."""

from __future__ import annotations

from datetime import timedelta

from kith.events.schedule import every
from kith.kernel import clock

from .models import Arrival, Sending

#: From the day on which it ended, well or not.
KEPT = timedelta(days=30)


@every(hours=6)
def forget_old_messages() -> None:
    """Messages with their tries, and what came in, go after thirty days."""
    before = clock.now() - KEPT
    Sending.objects.filter(ended_at__lt=before).delete()
    Arrival.objects.filter(ended_at__lt=before).delete()
