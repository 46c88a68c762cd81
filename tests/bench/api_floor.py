"""The floor under `tests.bench.api`: the same list and the same new row as two plain views of Django, which ask nobody who she is."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import path

from kith.config import urls
from kith.kernel import clock
from kith.objects.declare import object_type


def model() -> Any:
    """The table of the object that is measured."""
    return object_type("contacts.company").model


def listed(request: Any) -> HttpResponse:
    """A hundred rows with all their columns, as JSON."""
    rows = model()._base_manager.order_by("-changed_at", "-pk")[:100].values()
    data = json.dumps({"data": list(rows)}, ensure_ascii=False, default=str)
    return HttpResponse(data.encode(), content_type="application/json")


def created(request: Any) -> HttpResponse:
    """One INSERT of the same row, in a transaction."""
    values = json.loads(request.body)["values"]
    now = clock.now()
    with transaction.atomic():
        row = model()(**values, created_at=now, changed_at=now, version=1)
        row.save_base(force_insert=True)
    return HttpResponse(json.dumps({"id": row.pk}).encode(), status=201, content_type="application/json")


urlpatterns = [path("floor/list", listed), path("floor/create", created), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = (getattr(urls, f"handler{n}", None) for n in (400, 403, 404, 500))
