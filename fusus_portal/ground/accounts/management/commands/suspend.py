from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from fusus_portal.ground.accounts.services import suspensions
from fusus_portal.ground.database.owner import as_owner
from fusus_portal.ground.lifecycle import Denied


class Command(BaseCommand):
    """Connects as the migrator: the application's database role can't write an operator's act."""

    help = "Suspends a stolen account that the console refuses: the last auditor's, or where two administrators remain."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="what auditors and the second administrator read")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with as_owner():
                suspension = suspensions.suspend_at_server(email=options["email"], reason=options["reason"])
        except Denied as denied:
            raise CommandError(denied.sentence) from denied
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        until = f"{suspension.expires_at:%Y-%m-%d %H:%M %Z}"
        self.stdout.write(f"Suspended. An administrator confirms it in the console before {until};")
        self.stdout.write("otherwise the account comes back then, without password, passkeys and code apps.")
