"""`kith django demo`: fill an empty installation with the demo's company."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kith.contacts.demo import SIGN_IN, load
from kith.kernel.errors import KithError


class Command(BaseCommand):
    """Loads the demo and says how to sign in."""

    help = "Fill an empty installation with a made-up company: 12 users, 400 companies, 2,000 people, 18 months of history."

    def add_arguments(self, parser: CommandParser) -> None:
        """How much of it."""
        parser.add_argument("--scale", type=float, default=1.0, help="a part of it only, such as 0.1")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or say why not."""
        try:
            load(scale=options["scale"])
        except KithError as error:
            raise CommandError(str(error)) from error
        email, password = SIGN_IN
        self.stdout.write(f"Sign in as {email} with the password {password}")
