"""`manage.py reset_second_factor NAME`: when nobody of the administration can sign in any more."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.models import User
from portal.signing_in import second_factor


class Command(BaseCommand):
    help = "Takes a person's second factor away; where one is needed, the next sign-in sets up a new one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="sign-in name")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account {name}.")
        done = second_factor.take_away(actor=None, user=user)
        self.stdout.write("Reset." if done else "There was none.")
