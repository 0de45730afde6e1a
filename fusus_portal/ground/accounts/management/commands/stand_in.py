from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from fusus_portal.ground.accounts import selectors
from fusus_portal.ground.accounts.management.operator import as_operator
from fusus_portal.ground.accounts.presenters import what_of
from fusus_portal.ground.accounts.services import role_changes, suspensions


class Command(BaseCommand):
    help = "Lists open changes; --approve ID approves one, --release EMAIL frees an administrator when none can act."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--approve", metavar="ID")
        parser.add_argument("--release", metavar="EMAIL")
        parser.add_argument("--confirm", metavar="EMAIL", help="confirm that this account stays suspended")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["approve"]:
            with as_operator():
                change = role_changes.stand_in(change=selectors.change(options["approve"]))
            self.stdout.write(f"Approved: {what_of(change)}, {change.about}.")
        elif options["release"]:
            with as_operator():
                role_changes.release_last_administrator(email=options["release"])
            self.stdout.write("Released.")
        elif options["confirm"]:
            with as_operator():
                suspensions.confirm_at_server(email=options["confirm"])
            self.stdout.write("Confirmed.")
        else:
            self._list()

    def _list(self) -> None:
        for change in selectors.open_changes():
            self.stdout.write(f"{change.pk}  {what_of(change)}, {change.about}: {change.get_state_display()}")
        for suspension in selectors.open_suspensions():
            until = f"{suspension.expires_at:%Y-%m-%d %H:%M %Z}"
            self.stdout.write(f"{suspension.account.email}  suspended, waits for a second word until {until}")
