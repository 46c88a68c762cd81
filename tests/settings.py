"""The settings of the tests: those of the house, a data folder of their own, and the toybox as one more room."""

import atexit
import os
import shutil
import tempfile
from importlib.util import find_spec

if "KITH_HOME" not in os.environ:
    # Before the settings are read: no test ever touches the data of the person who runs it.
    os.environ["KITH_HOME"] = tempfile.mkdtemp(prefix="kith-test-")
    atexit.register(shutil.rmtree, os.environ["KITH_HOME"], ignore_errors=True)

from kith.config.settings import *  # noqa: F403
from kith.config.settings import DATABASES, INSTALLED_APPS, ROOMS, STORAGES

if find_spec("tests.toybox") and find_spec("tests.toybox.apps"):
    ROOMS = [*ROOMS, "tests.toybox.apps.Toybox"]
    INSTALLED_APPS = [*INSTALLED_APPS, "tests.toybox.apps.Toybox"]

# Hashing is meant to be slow, and file names with hashes need a build; neither is what a test of a room is about.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

# Connections are closed after each request, so that live servers leave none open at the end.
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads of a live server and a second process see the same rows, in WAL mode as in production.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["KITH_HOME"], "test.sqlite3")}
    # Nothing is waited for on the disk: a test database outlives no crash.
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=NORMAL", "synchronous=OFF")
