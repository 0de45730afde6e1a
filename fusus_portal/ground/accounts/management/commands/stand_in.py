from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from fusus_portal.ground.accounts import selectors
from fusus_portal.ground.accounts.presenters import what_of
from fusus_portal.ground.accounts.services import role_changes, suspensions
from fusus_portal.ground.database.owner import as_owner
from fusus_portal.ground.lifecycle import Denied


class Command(BaseCommand):
    """Connects as the migrator: the application's database role can't write an operator's act."""

    help = "Lists open changes; --approve ID approves one, --release EMAIL frees an administrator when none can act."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--approve", metavar="ID")
        parser.add_argument("--release", metavar="EMAIL")
        parser.add_argument("--confirm", metavar="EMAIL", help="confirm that this account stays suspended")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["approve"]:
                with as_owner():
                    change = role_changes.stand_in(change=selectors.change(options["approve"]))
                self.stdout.write(f"Approved: {what_of(change)}, {change.about}.")
            elif options["release"]:
                with as_owner():
                    role_changes.release_last_administrator(email=options["release"])
                self.stdout.write("Released.")
            elif options["confirm"]:
                with as_owner():
                    suspensions.confirm_at_server(email=options["confirm"])
                self.stdout.write("Confirmed.")
            else:
                self._list()
        except Denied as denied:
            raise CommandError(denied.sentence) from denied
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _list(self) -> None:
        for change in selectors.open_changes():
            self.stdout.write(f"{change.pk}  {what_of(change)}, {change.about}: {change.get_state_display()}")
        for suspension in selectors.open_suspensions():
            until = f"{suspension.expires_at:%Y-%m-%d %H:%M %Z}"
            self.stdout.write(f"{suspension.account.email}  suspended, waits for a second word until {until}")
