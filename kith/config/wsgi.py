"""The WSGI door: the application that makes pages. `kith serve` puts the ASGI door before it, which keeps slow visitors out."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kith.config.settings")
pages = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer one request, without naming the software that does."""

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        # Empty, because the server would put its own name where there is none.
        return start_response(status, [*headers, ("Server", "")], *rest)

    return pages(environ, start)
