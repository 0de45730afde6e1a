from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from fusus_portal.ground.accounts.management.operator import as_operator
from fusus_portal.ground.accounts.messages import invitation_address
from fusus_portal.ground.accounts.services import role_changes


class Command(BaseCommand):
    help = "Invites the first administrator. Refuses when there is one; it is an entry of the audit log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        with as_operator():
            change = role_changes.invite_first_administrator(email=options["email"])
        self.stdout.write(f"Open the account here, once, before {change.expires_at:%Y-%m-%d %H:%M %Z}:")
        self.stdout.write(invitation_address(str(change.pk)))
        self.stdout.write("The second administrator: invite them in the console, then run manage.py stand_in.")
