"""Housekeeping of the ledger's side tables. The ledger itself is kept."""

import logging
from datetime import timedelta

from kith.kernel import clock

from . import chain, runs
from .models import Delivery, Once
from .schedule import every

log = logging.getLogger("kith.audit")


@every(days=1)
def forget_old_keys() -> None:
    """Idempotency keys are kept for thirty days."""
    Once.objects.filter(at__lt=clock.now() - timedelta(days=30)).delete()


@every(days=1)
def forget_done_deliveries() -> None:
    """Deliveries that were made are kept for thirty days, dead letters until somebody looks at them."""
    Delivery.objects.filter(done__lt=clock.now() - timedelta(days=30)).delete()


@every(days=1)
def forget_old_results() -> None:
    """What runs say of single records is kept as long as each job says."""
    runs.forget_results()


@every(seconds=30)
def seal_the_ledger() -> None:
    """Events get their link of the chain."""
    for _turn in range(50):  # not without end: the turn is one transaction
        if not chain.seal():
            break


@every(days=1)
def note_the_head() -> None:
    """The end of the chain goes into the log, which lies elsewhere: so that cutting the chain would be seen."""
    log.info("audit head", extra={"head": str(chain.head())})
