from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from fusus_portal.ground.accounts.management.operator import as_operator
from fusus_portal.ground.accounts.services import suspensions


class Command(BaseCommand):
    help = "Suspends a stolen account that the console refuses: the last auditor's, or where two administrators remain."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="what auditors and the second administrator read")

    def handle(self, *args: Any, **options: Any) -> None:
        with as_operator():
            suspension = suspensions.suspend_at_server(email=options["email"], reason=options["reason"])
        until = f"{suspension.expires_at:%Y-%m-%d %H:%M %Z}"
        self.stdout.write(f"Suspended. An administrator confirms it in the console before {until};")
        self.stdout.write("otherwise the account comes back then, without password, passkeys and code apps.")
