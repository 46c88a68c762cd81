"""Costs are promises: a field is one line and a migration, an object one class, a migration and one line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

APPS = """
from kith.kernel.registry import Room


class Attic(Room):
    name = "attic"

    def contributes(self):
        from . import models

        return [models.Trunk]
"""
MODELS = '''
from django.utils.translation import gettext_lazy as _

from kith.objects.columns import NONE, TITLE, Date, Option, Owner, Record, Section, Text, Choice, Integer, Tags


class Trunk(Record):
    """A trunk in the attic."""

    name = Text(_("Name"), required=True, search=TITLE, pii=NONE)
    owner = Owner()
    #here

    class Meta:
        verbose_name, verbose_name_plural = _("Trunk"), _("Trunks")

    class Crm:
        key, slug, icon, title = "attic.trunk", "trunks", "archive", "name"
'''
FIELD = '    colour = Text(_("Colour of paint"), search="high", pii=NONE)\n'
PROBE = """
import io, json, sys
import django
django.setup()
from django.conf import settings
settings.ALLOWED_HOSTS.append("testserver")
from django.test import Client
from kith.identity.models import User
from kith.identity.names import actor_of
from kith.objects.declare import object_type
from kith.objects.exchange import accept, begin, export
from kith.objects.history import timeline
from kith.objects.query import listing
from kith.objects.write import change, create, remove
from kith.events import worker

user = User.objects.make("admin@example.com", "Admin", "correct horse battery", is_admin=True)
actor, o = actor_of(user), object_type("attic.trunk")
browser = Client()
browser.force_login(user)
said = {}

def page(address):
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()

trunk = create(actor, o, name="Sea chest", colour="Umber")
said["list"] = "Umber" in page("/trunks/?columns=name,colour")
said["sort and filter"] = "Umber" in page("/trunks/?columns=name,colour&sort=colour&filter=colour:contains:umb")
said["filter leaves out"] = "Umber" not in page("/trunks/?columns=name,colour&filter=colour:is:Ochre")
said["search"] = len(listing(actor, o, search="umb").records) == 1
said["form"] = "Colour of paint" in page("/trunks/new/?all=1") and 'name="colour"' in page("/trunks/new/?all=1")
said["record"] = "Umber" in page(f"/trunks/{trunk.pk}/")
trunk = change(actor, trunk, colour="Ochre")
changes = [c for e in timeline(actor, trunk).entries for c in e.changes if c.field.name == "colour"]
said["timeline"] = [c.new for c in changes] == ["Ochre", "Umber"] and "Ochre" in page(f"/trunks/{trunk.pk}/")
import_ = accept(actor, o, io.BytesIO("Name,Colour of paint\\nHat box,Teal\\n".encode()), "trunks.csv")
begin(actor, import_)
worker.once()
said["import"] = [r.colour for r in listing(actor, o, filter="name:is:Hat box").records] == ["Teal"]
said["export"] = b"Teal" in b"".join(export(actor, o, "csv"))
remove(actor, trunk)
said["trash"] = "Sea chest" in page("/trunks/trash/")
print(json.dumps(said))
"""


@pytest.fixture
def attic(tmp_path: Path):
    """A room of its own in a house of its own; runs programs there."""
    room = tmp_path / "attic"
    (room / "migrations").mkdir(parents=True)
    (room / "migrations/__init__.py").touch()
    (room / "__init__.py").touch()
    (room / "apps.py").write_text(APPS)
    (room / "models.py").write_text(MODELS.replace("    #here\n", ""))
    (tmp_path / "attic_settings.py").write_text(
        'from tests.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, "attic.apps.Attic"]\n'
    )
    # A database of its own: this is about what files have to be written, which no engine changes.
    around = {
        name: value for name, value in os.environ.items() if name != "DATABASE_URL" and not name.startswith("PYTEST")
    }
    around |= {
        "KITH_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "attic_settings",
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
    }
    (tmp_path / "home").mkdir()

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env=around,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    run.room = room  # type: ignore[attr-defined]
    return run


def test_a_field_is_one_line_and_a_migration_and_is_on_every_surface(attic):
    attic("-m", "django", "makemigrations", "attic", "--verbosity", "0")
    models = attic.room / "models.py"
    models.write_text(MODELS.replace("    #here\n", FIELD))
    attic("-m", "django", "makemigrations", "attic", "--verbosity", "0", "--name", "colour")
    migration = (attic.room / "migrations/0002_colour.py").read_text()
    assert len(re.findall(r"migrations\.[A-Z]\w+\(", migration)) == 1, "one field, one operation"
    assert "migrations.AddField(" in migration
    assert "kith" not in migration, "migrations are plain Django"
    attic("-m", "django", "migrate", "--verbosity", "0")
    said = __import__("json").loads(attic("-c", PROBE).splitlines()[-1])
    assert all(said.values()), said


def test_a_new_label_or_fact_makes_no_migration(attic):
    models = attic.room / "models.py"
    models.write_text(MODELS.replace("    #here\n", FIELD))
    attic("-m", "django", "makemigrations", "attic", "--verbosity", "0")
    models.write_text(
        MODELS.replace("    #here\n", FIELD.replace("Colour of paint", "Paint").replace('search="high", ', ""))
    )
    attic("-m", "django", "makemigrations", "attic", "--check", "--verbosity", "0")
