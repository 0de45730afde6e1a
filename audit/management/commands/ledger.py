"""`manage.py ledger`: seals, verifies and exports the log, and makes its keys; shows progress on a terminal only."""

import signal
import sys
from pathlib import Path
from threading import Event as Flag
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper

from audit.ledger import export, heads, keys, sealer, services, witnesses
from audit.ledger.checks import runs
from audit.log.actors import AT_THE_SERVER
from fusus_portal.ground.database.owner import signed_in
from fusus_portal.ground.env import Misconfigured

BAR_WIDTH = 30
LINE_START = "\r\x1b[K"


class ProgressBar:
    def __init__(self, out: OutputWrapper, what: str) -> None:
        self.out = out
        self.what = what
        self.total = 0
        self._shown = -1

    def __call__(self, done: int, total: int) -> None:
        self.total = total
        percent = 100 * done // total if total else 100
        if percent != self._shown and self.out.isatty():
            filled = "#" * (BAR_WIDTH * percent // 100)
            self.out.write(
                f"{LINE_START}[{filled:.<{BAR_WIDTH}}] {percent:3} %  {done:,} of {total:,} {self.what}", ending=""
            )
            self.out.flush()
        self._shown = percent

    def clear(self) -> None:
        if self.out.isatty():
            self.out.write(LINE_START, ending="")
        self._shown = -1


MOST_SHOWN = 200
"""Findings that are shown; more are counted."""


class Command(BaseCommand):
    help = "Seals the log, verifies and exports it; makes and changes its signing key."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        acts.add_parser("seal", help="run the sealer until it is stopped")
        make = acts.add_parser("make-key", help="print a new signing key; keep it in a file that only the sealer reads")
        make.add_argument("origin", help="the log's name, for example portal.sheriff.example/ledger")
        acts.add_parser("rotate", help="take the key of LEDGER_KEY into use")
        verify = acts.add_parser("verify", help="compare the whole log with what was sealed; exit code 1 if it differs")
        verify.add_argument(
            "--kept", metavar="FILE", type=Path, help="a checkpoint that was kept: the log must continue what it signed"
        )
        export = acts.add_parser("export", help="write checkpoint, keys, tiles and entries into a new folder")
        export.add_argument("folder", metavar="DIR", type=Path)

    def handle(self, *, act: str, **options: Any) -> None:
        try:
            getattr(self, act.replace("-", "_"))(**options)
        except (keys.WrongKey, heads.RolledBack, Misconfigured) as wrong:
            raise CommandError(str(wrong)) from wrong

    def make_key(self, *, origin: str, **options: Any) -> None:
        self.stdout.write(keys.made(origin).text())

    def seal(self, **options: Any) -> None:
        signer = keys.given()
        heads.must_have_head_file()
        witnesses.configured()  # a bad setting refuses at the start, not at the first full hour
        stop = Flag()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        with signed_in(self._sealer()):
            sealer.run_sealer(signer, stop)

    def rotate(self, **options: Any) -> None:
        """Take a new key: the application writes the entry, the sealer the key. A rolled-back database takes none."""
        signer = keys.given()
        heads.must_have_head_file()
        login = self._sealer()
        heads.must_be_current()
        services.record_rotation(signer)
        with signed_in(login):
            keys.rotate(signer)
        self.stdout.write(f"From the next checkpoint on the log is signed with {signer.verifier}. Restart the sealer.")

    def verify(self, *, kept: Path | None, **options: Any) -> None:
        """Print all differences from the sealed log, and a verdict. Exit code 1 if there are any."""
        bar, found, first = ProgressBar(self.stderr, "places compared"), 0, None
        try:
            note = None if kept is None else kept.read_text(encoding="utf-8")
        except OSError as error:
            raise CommandError(str(error)) from error
        for finding in runs.check_at_once(progress=bar, kept=note):
            found += 1
            first = finding.entry if first is None else first
            if found <= MOST_SHOWN:
                bar.clear()
                self.stdout.write(finding.what)
        bar.clear()
        if not found:
            self.stdout.write(f"The log is whole: each of its {bar.total:,} places is as it was sealed.")
            return
        things = "1 thing is" if found == 1 else f"{found:,} things are"
        about = "" if first is None else f" The first entry that is named is {first}."
        self.stdout.write(f"THE LOG IS NOT WHOLE: {things} not as sealed.{about}")
        sys.exit(1)

    def export(self, *, folder: Path, **options: Any) -> None:
        bar = ProgressBar(self.stderr, "places written")
        try:
            size = export.export(folder=folder, by=AT_THE_SERVER, progress=bar)
        except (OSError, export.Incomplete) as error:
            raise CommandError(str(error)) from error
        finally:
            bar.clear()
        self.stdout.write(
            f"Wrote {size:,} places to {folder}. To verify them: python3 {folder / 'verifier.py'} {folder}"
        )

    def _sealer(self) -> dict[str, Any]:
        login: dict[str, Any] | None = settings.SEALER_DATABASE
        if login is None:
            raise CommandError("SEALER_DATABASE_URL is not set: only the sealer signs in as portal_sealer.")
        return login
