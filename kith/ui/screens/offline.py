"""Kith as an app: its manifest and service worker, what waits for the network, and with which token it may be sent."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Missing

from .. import offline
from ..render import BRAND, page

#: Icons that scripts/app_icons.py draws: file → (size, purpose).
ICONS = {"icon-192": (192, "any"), "icon-512": (512, "any"), "mask-512": (512, "maskable")}
#: Days for which a device keeps pages, and how many.
DAYS, MOST = 7, 50


def manifest(request: Any, actor: Actor) -> HttpResponse:
    """What a device needs to know to install Kith."""
    told = {
        "name": BRAND,
        "short_name": BRAND,
        "description": _("Customers, and everything that is known of them."),
        "lang": request.viewer.language,
        "dir": "rtl" if request.viewer.rtl else "ltr",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f4f3f0",
        "theme_color": "#2a5bd7",
        "icons": [
            {"src": static(f"app/{name}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for name, (size, purpose) in ICONS.items()
        ],
    }
    return HttpResponse(
        json.dumps(told, ensure_ascii=False),
        content_type="application/manifest+json",
        headers={"Cache-Control": "no-store, private"},
    )


def worker(request: Any, actor: Actor) -> HttpResponse:
    """The service worker, with the list of what the shell is made of; its address stays, its content changes with each version."""
    return HttpResponse(_worker(), content_type="text/javascript", headers={"Cache-Control": "no-store, private"})


@cache
def _worker() -> str:
    file = finders.find("sw.js")
    if not file:
        raise Missing
    chunks = sorted(Path(file).parent.glob("chunks/*.js"))
    shell = [static(name) for name in ("app.css", "app.js", "icons.svg", "ui/favicon.svg")]
    shell += [f"{settings.STATIC_URL}chunks/{chunk.name}" for chunk in chunks]
    script = Path(file).read_text(encoding="utf-8")
    version = hashlib.sha256("".join([script, *shell]).encode()).hexdigest()[:12]
    told = {"version": version, "shell": shell, "days": DAYS, "most": MOST}
    return f"self.KITH={json.dumps(told)};\n{script}"


def waiting(request: Any, actor: Actor) -> HttpResponse:
    """What was written without a network and waits here, in this browser; the list itself is known to the browser only."""
    return page(request, "ui/pages/waiting.html", {"days": DAYS})


def passport(request: Any, actor: Actor) -> HttpResponse:
    """Who is signed in, as marks, and the token with which what waits may be sent."""
    told = {"who": offline.whose(request), "writer": offline.writer(request), "token": get_token(request)}
    return HttpResponse(json.dumps(told), content_type="application/json")
