"""Secrets are kept encrypted, under keys outside the database, and nothing shows them by accident."""

import copy
import json
import logging
import pickle

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.template import Context, Template

from kith.config import environ, keys
from kith.kernel import secrets
from kith.kernel.secrets import Hoard, SecretField, Sensitive, Unreadable, decrypt, encrypt

PLANTED = "correct-horse-9f2c"


@pytest.fixture
def ring(settings, tmp_path):
    """A key file of this test's own."""
    settings.KITH_ENCRYPTION_KEYS = ()
    settings.KITH_ENCRYPTION_KEYS_FILE = tmp_path / "encryption.keys"
    environ.write_private(settings.KITH_ENCRYPTION_KEYS_FILE, environ.new_encryption_key())
    return settings.KITH_ENCRYPTION_KEYS_FILE


@pytest.fixture(scope="module")
def provider():
    class Provider(models.Model):
        client_secret = SecretField()

        class Meta:
            app_label = "config"

    yield Provider
    from django.apps import apps

    del apps.all_models["config"]["provider"]
    apps.clear_cache()


@pytest.fixture
def table(transactional_db, provider, ring):
    with connection.schema_editor() as editor:
        editor.create_model(provider)
    yield provider
    with connection.schema_editor() as editor:
        editor.delete_model(provider)


def stored(provider) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT client_secret FROM {provider._meta.db_table} ORDER BY id")
        return [text for (text,) in cursor.fetchall()]


# A Sensitive shows nothing


def test_a_sensitive_text_prints_as_three_stars_everywhere():
    secret = Sensitive(PLANTED)
    shown = [
        str(secret), repr(secret), f"{secret}", f"{secret:>40}", f"{secret!s} {secret!r}", str([secret]), str({"a": secret}),
        Template("{{ s }}|{{ s|safe }}|{{ s|pprint }}|{{ s|upper }}").render(Context({"s": secret})),
    ]  # fmt: skip
    assert all("***" in text for text in shown)
    assert PLANTED not in "".join(shown)
    record = logging.LogRecord("kith", logging.INFO, __file__, 1, "signed in with %s", (secret,), None)
    assert PLANTED not in record.getMessage()
    assert secret.reveal() == PLANTED


@pytest.mark.parametrize("write", [pickle.dumps, json.dumps, vars, len, iter, hash], ids=lambda f: f.__name__)
def test_a_sensitive_text_goes_into_nothing_that_is_written_down(write):
    with pytest.raises(TypeError):
        write(Sensitive(PLANTED))


def test_sensitive_texts_are_compared_with_each_other_only():
    assert Sensitive("a") == Sensitive("a") != Sensitive("b")
    assert Sensitive("a") != "a"
    assert not Sensitive("")
    assert copy.deepcopy(Sensitive("a")) == Sensitive("a")


def test_an_error_that_holds_one_does_not_tell_it():
    with pytest.raises(ValueError, match=r"\*\*\*") as raised:
        raise ValueError(f"The provider refused {Sensitive(PLANTED)}.")
    assert PLANTED not in str(raised.value)


# Encrypting


def test_what_was_encrypted_opens_for_its_purpose_alone(ring):
    sealed = encrypt(PLANTED, "mail.Box.password")
    assert PLANTED not in sealed
    assert sealed != encrypt(PLANTED, "mail.Box.password")
    assert decrypt(sealed, "mail.Box.password") == PLANTED
    with pytest.raises(Unreadable, match="where it was not put"):
        decrypt(sealed, "mail.Box.user")


@pytest.mark.parametrize("text", ["", "x", "ключ 🔑", "with\0nul\0", "x" * 100_000])
def test_every_text_comes_back_as_it_was(ring, text):
    assert decrypt(encrypt(text, "p"), "p") == text
    assert decrypt(encrypt(Sensitive(text), "p"), "p") == text


def test_one_changed_letter_is_noticed(ring):
    sealed = encrypt(PLANTED, "p")
    for place in range(0, len(sealed), 7):
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(Unreadable):
            decrypt(changed, "p")
    for nonsense in ("x", "é", "gAAAA", sealed[:-5]):
        with pytest.raises(Unreadable):
            decrypt(nonsense, "p")


@pytest.mark.parametrize("purpose", ["", "a\0b"])
def test_a_purpose_is_named(ring, purpose):
    with pytest.raises(ValueError, match="named purpose"):
        encrypt(PLANTED, purpose)


def test_a_lost_key_is_said_in_words(ring):
    sealed = encrypt(PLANTED, "p")
    environ.write_private(ring, environ.new_encryption_key())
    with pytest.raises(Unreadable, match="Enter the secret again"):
        decrypt(sealed, "p")
    ring.unlink()
    with pytest.raises(Unreadable, match="Restore it from a backup"):
        decrypt(sealed, "p")


def test_keys_of_the_environment_are_used_before_those_of_the_file(ring, settings):
    old, new = environ.new_encryption_key(), environ.new_encryption_key()
    settings.KITH_ENCRYPTION_KEYS = (old,)
    sealed = encrypt(PLANTED, "p")
    settings.KITH_ENCRYPTION_KEYS = (new, old)
    again = secrets.renewed(sealed)
    settings.KITH_ENCRYPTION_KEYS = (new,)
    assert decrypt(again, "p") == PLANTED
    with pytest.raises(Unreadable):
        decrypt(sealed, "p")


# In a table


@pytest.mark.every_engine
def test_the_table_holds_no_secret_and_the_record_shows_none(table):
    made = table.objects.create(client_secret=PLANTED)
    table.objects.create()
    (sealed, empty) = stored(table)
    assert PLANTED not in sealed
    assert sealed.startswith("gAAAA")
    assert empty == ""
    read = table.objects.get(pk=made.pk)
    assert isinstance(read.client_secret, Sensitive)
    assert read.client_secret.reveal() == PLANTED
    assert str(table.objects.values_list("client_secret", flat=True)) == "<QuerySet [***, ***]>"
    read.save()
    assert stored(table)[0] == sealed, "what was not changed is not encrypted again"
    read.client_secret = "another"
    read.save()
    assert table.objects.get(pk=made.pk).client_secret.reveal() == "another"
    assert PLANTED not in serializers.serialize("json", table.objects.all())
    assert "another" not in serializers.serialize("json", table.objects.all())


@pytest.mark.every_engine
def test_a_secret_can_be_asked_whether_it_is_set_and_nothing_else(table):
    table.objects.create(client_secret=PLANTED)
    table.objects.create()
    assert table.objects.filter(client_secret="").count() == 1
    assert table.objects.exclude(client_secret="").count() == 1
    for question in (
        {"client_secret": PLANTED},
        {"client_secret__contains": "c"},
        {"client_secret__gt": "a"},
        {"client_secret__in": ["a"]},
    ):
        with pytest.raises(FieldError):
            table.objects.filter(**question).count()


def test_a_cipher_text_of_another_place_is_not_taken(table):
    row = table(client_secret=Sensitive(sealed=encrypt(PLANTED, "elsewhere"), purpose="elsewhere"))
    with pytest.raises(Unreadable):
        row.save()


def test_reading_many_needs_no_key(table, ring):
    table.objects.create(client_secret=PLANTED)
    ring.unlink()
    (row,) = table.objects.all()
    assert row.client_secret
    with pytest.raises(Unreadable):
        row.client_secret.reveal()


def test_in_migrations_it_is_plain_django():
    written, imports = MigrationWriter.serialize(SecretField())
    assert written == "models.TextField(blank=True, default='', editable=False)"
    assert "kith" not in "".join(imports)


# New keys for old


@pytest.mark.every_engine
def test_rotation_encrypts_everything_with_a_new_key_and_can_drop_the_old(table, ring):
    table.objects.create(client_secret=PLANTED)
    table.objects.create()
    (before, _empty) = stored(table)
    old = secrets.keys_in(ring)
    assert keys.rotate(drop_old=False) == 1
    assert secrets.keys_in(ring)[1:] == old
    assert ring.stat().st_mode & 0o777 == 0o600
    assert stored(table)[0] != before
    assert keys.rotate(drop_old=True) == 1
    assert len(secrets.keys_in(ring)) == 1
    assert table.objects.exclude(client_secret="").get().client_secret.reveal() == PLANTED
    with pytest.raises(Unreadable):
        decrypt(before, "config.Provider.client_secret")


def test_rotation_changes_nothing_when_one_secret_cannot_be_read(table, ring):
    table.objects.create(client_secret=PLANTED)
    table.objects.create(client_secret="other")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table._meta.db_table} SET client_secret = 'gAAAAbroken' WHERE id = 2")
    before = stored(table)
    with pytest.raises(Unreadable):
        keys.rotate(drop_old=True)
    assert stored(table) == before
    assert table.objects.order_by("pk")[0].client_secret.reveal() == PLANTED, "the old key is still there"


def test_rotation_reaches_hoards_that_rooms_name(db, ring, monkeypatch):
    held = {"totp": encrypt(PLANTED, "totp")}

    def renew(again):
        held["totp"] = again(held["totp"])
        return 1

    monkeypatch.setitem(Hoard.registry._items, "test", Hoard("test", renew))
    before = held["totp"]
    assert keys.rotate(drop_old=True) >= 1
    assert held["totp"] != before
    assert decrypt(held["totp"], "totp") == PLANTED
