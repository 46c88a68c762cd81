"""Writes docs/reference/openapi.json: the description of the doors for programs, as a house with its own rooms and nothing added gives it;
and the typed parts of the Python client, which are made of it.

.venv/bin/python -m scripts.describe_api
"""

from __future__ import annotations

import json
import os
import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "docs/reference/openapi.json"
CLIENT = ROOT / "clients/python/kith_client"


def main() -> None:
    """Write them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kith.config.settings")
    import django

    django.setup()
    from kith.api.rest.openapi import document
    from kith.kernel.actor import System

    SHIPPED.parent.mkdir(exist_ok=True)
    told = document(System("describing the doors"))
    SHIPPED.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    for name, text in _client().written(json.loads(SHIPPED.read_text())).items():
        (CLIENT / name).write_text(text)


def _client() -> Any:
    """What writes the client, without the client around it, which needs what is written."""
    return SimpleNamespace(**runpy.run_path(str(CLIENT / "describe.py")))


if __name__ == "__main__":
    main()
