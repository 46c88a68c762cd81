"""The objects room: what it contributes to the house."""

from __future__ import annotations

from typing import Any

from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from kith.kernel.expressions import prepare_connection
from kith.kernel.registry import Room


class Objects(Room):
    """What exists and how it changes."""

    name = "kith.objects"
    verbose_name = _("Objects")

    def contributes(self) -> list[Any]:
        from . import (
            audit,
            bookkeeping,
            bulk,
            definition_facts,
            directory,
            looks,
            merged,
            rates,
            reads,
            samples,
            settings,
            steps,
            views,
        )
        from .access.models import Share
        from .countries.models import CountryFacts
        from .exchange import exporting, files, running
        from .exchange.models import SourceKey
        from .favourites import Favourite
        from .kinds import ALL_KINDS
        from .roles import FACTS
        from .write.merge import may_carry_shares

        return [
            *ALL_KINDS,
            *FACTS,
            *directory.FACTS,
            *definition_facts.FACTS,
            directory.ADMINISTRATORS,
            directory.TEAMS,
            CountryFacts,
            settings.SettingChanged,
            looks.OptionsLooked,
            bookkeeping.AmountsBooked,
            bookkeeping.base_currency_changed,
            bookkeeping.book_all_anew,
            rates.BASE_CURRENCY,
            rates.Rate,
            audit.AuditExported,
            reads.SensitiveRead,
            exporting.Exported,
            steps.StepDone,
            merged.RecordMerged,
            merged.came_back,
            merged.gone_for_good,
            merged.Carried("shares", Share, ("user", "team"), when=may_carry_shares),
            merged.Carried("favourites", Favourite, ("user",)),
            merged.Carried("import keys", SourceKey),
            bulk.edit_many,
            bulk.add_many,
            bulk.remove_many,
            bulk.restore_many,
            bulk.undo_all,
            bulk.empty_trash,
            *views.FACTS,
            views.STARRABLE,
            views.clear_old_views,
            running.import_rows,
            running.count_rows,
            running.undo_rows,
            files.clear_old_files,
            samples.make_samples,
            samples.take_samples,
            samples.forget_samples,
        ]

    def ready(self) -> None:
        connection_created.connect(prepare_connection, dispatch_uid="kith.expressions")
        post_migrate.connect(_after_migrate, dispatch_uid="kith.custom.indexes")
        from kith.events import worker

        from . import bookkeeping
        from .custom import definitions
        from .kinds import BaseAmount
        from .rates import BASE_CURRENCY, base_currency

        BaseAmount.home = staticmethod(base_currency)
        BASE_CURRENCY.consequence = bookkeeping.beforehand
        # A worker lives long: what administrators changed since it started holds for its next piece of work.
        if definitions.refresh not in worker.beforehand:
            worker.beforehand.append(definitions.refresh)
        super().ready()


def _after_migrate(sender: Any, **rest: Any) -> None:
    if sender.name != "kith.objects":
        return
    from kith.kernel.actor import System

    from . import bookkeeping, search, sorting
    from .custom import definitions, indexes
    from .query import reader
    from .rates import published

    definitions.forget()
    definitions.refresh()
    indexes.sync()
    published.load()
    bookkeeping.catch_up()
    search.refresh(reader(System("search index")))
    sorting.refresh(reader(System("sort keys"), trash=None))
