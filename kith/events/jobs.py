"""Housekeeping of the ledger's side tables. The ledger itself is kept."""

from datetime import timedelta

from kith.kernel import clock

from .models import Delivery, Once
from .schedule import every


@every(days=1)
def forget_old_keys() -> None:
    """Idempotency keys are kept for thirty days."""
    Once.objects.filter(at__lt=clock.now() - timedelta(days=30)).delete()


@every(days=1)
def forget_done_deliveries() -> None:
    """Deliveries that were made are kept for thirty days, dead letters until somebody looks at them."""
    Delivery.objects.filter(done__lt=clock.now() - timedelta(days=30)).delete()
