"""The roof as a Django app: it carries the management commands and the start-up checks, and no tables."""

from django.apps import AppConfig


class Config(AppConfig):
    """What the roof brings to Django."""

    name = "kith.config"
    label = "config"
