import signal
from threading import Event as Flag
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.ledger import keys, rotating, sealer, witnesses
from fusus_portal.database.owner import signed_in
from fusus_portal.env import Misconfigured


class Command(BaseCommand):
    """What operators do with the ledger."""

    help = "Seals the log; makes and changes its signing key."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """One word for each act."""
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        acts.add_parser("seal", help="run the sealer until it is stopped")
        make = acts.add_parser("make-key", help="print a new signing key; keep it in a file that only the sealer reads")
        make.add_argument("origin", help="the log's name, for example portal.sheriff.example/ledger")
        acts.add_parser("rotate", help="take the key of LEDGER_KEY into use")

    def handle(self, *, act: str, **options: Any) -> None:
        """Do it; raise CommandError with what to do where it can't be done."""
        try:
            getattr(self, act.replace("-", "_"))(**options)
        except (keys.WrongKey, Misconfigured) as wrong:
            raise CommandError(str(wrong)) from wrong

    def make_key(self, *, origin: str, **options: Any) -> None:
        """Print a new key."""
        self.stdout.write(keys.made(origin).text())

    def seal(self, **options: Any) -> None:
        """Run the sealer until SIGTERM or Ctrl-C."""
        signer = keys.given()
        witnesses.configured()  # a refusal at the start, not at the first full hour
        stop = Flag()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        with signed_in(self._sealer()):
            sealer.run(signer, stop)

    def rotate(self, **options: Any) -> None:
        """Take a new key into use. The entry is the application's to write, the key the sealer's."""
        signer = keys.given()
        login = self._sealer()
        rotating.record_rotation(signer)
        with signed_in(login):
            keys.rotate(signer)
        self.stdout.write(f"From the next checkpoint on the log is signed with {signer.verifier}. Restart the sealer.")

    def _sealer(self) -> dict[str, Any]:
        login: dict[str, Any] | None = settings.SEALER_DATABASE
        if login is None:
            raise CommandError("SEALER_DATABASE_URL is not set: only the sealer signs in as portal_sealer.")
        return login
