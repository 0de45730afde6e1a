import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.oversight.figures import services


class Command(BaseCommand):
    help = "Counts the days that are finished; compares a day with the log."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        acts.add_parser("count", help="count the finished days that are not counted yet, as the worker does each night")
        check = acts.add_parser("check", help="count a day again; exit code 1 if it differs")
        check.add_argument("--day", type=date.fromisoformat, help="YYYY-MM-DD; a random one where none is named")

    def handle(self, *, act: str, **options: Any) -> None:
        if act == "count":
            self.stdout.write(f"Days counted: {services.count_finished_days()}.")
            return
        try:
            found = services.recount_day(day=options["day"])
        except NotYours as unknown:
            raise CommandError(unknown.sentence) from unknown
        for each in found:
            self.stdout.write(f"{each.figure or 'the checkpoint'}: {each.kept} kept, {each.counted} counted again")
        if found:
            sys.exit(1)
        self.stdout.write("The figures come out the same.")
