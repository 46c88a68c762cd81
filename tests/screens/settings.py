"""The settings of the stories: those of the house, and the toybox as one more room, for what needs a task or a call."""

from kith.config.settings import *  # noqa: F403
from kith.config.settings import INSTALLED_APPS, ROOMS

ROOMS = [*ROOMS, "tests.toybox.apps.Toybox"]
INSTALLED_APPS = [*INSTALLED_APPS, "tests.toybox.apps.Toybox"]
