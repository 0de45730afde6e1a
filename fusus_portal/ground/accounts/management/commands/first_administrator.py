from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from fusus_portal.ground.accounts.messages import invitation_address
from fusus_portal.ground.accounts.services import role_changes
from fusus_portal.ground.database.owner import as_owner
from fusus_portal.ground.lifecycle import Denied


class Command(BaseCommand):
    """Connects as the migrator: the application's database role can't write an operator's act."""

    help = "Invites the first administrator. Refuses when there is one; it is an entry of the audit log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with as_owner():
                change = role_changes.invite_first_administrator(email=options["email"])
        except Denied as denied:
            raise CommandError(denied.sentence) from denied
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Open the account here, once, before {change.expires_at:%Y-%m-%d %H:%M %Z}:")
        self.stdout.write(invitation_address(str(change.pk)))
        self.stdout.write("The second administrator: invite them in the console, then run manage.py stand_in.")
