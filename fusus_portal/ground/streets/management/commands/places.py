import json
from argparse import ArgumentParser
from contextlib import ExitStack
from datetime import date
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from fusus_portal.ground.lifecycle import Denied
from fusus_portal.ground.streets import selectors, services, street_map
from fusus_portal.ground.streets.contents import Elsewhere
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.models import CENSUS
from fusus_portal.ground.streets.readers import Unreadable, open_source
from fusus_portal.ground.streets.readers.shapefiles import year_of_boundaries


class Command(BaseCommand):
    help = "Loads the county's streets and addresses, finds places in them, and draws the street map."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        load = commands.add_parser("load", help="put these files in the place of what is loaded")
        load.add_argument("files", nargs="+", type=Path, help="cb_2025_us_county_500k.zip is the county's boundary")
        load.add_argument("--dated", type=date.fromisoformat, help="date of the data, as 2026-01-31")
        load.add_argument("--attribution", default=CENSUS, help="whose data it is, as maps say")
        load.add_argument("--faults", type=Path, help="file for the rows that are left out")
        load.add_argument("--columns", nargs="*", default=[], metavar="PART=COLUMN", help="number=HOUSE_NO ...")
        load.add_argument("--elsewhere", action="store_true", help="take the data of another county, too")
        find = commands.add_parser("find", help="print the places that a text may mean, one JSON object a line")
        find.add_argument("text", nargs="+")
        draw = commands.add_parser("map", help="draw the map of what is loaded, or take one that was made otherwise")
        draw.add_argument("file", nargs="?", type=Path, help="a PMTiles file with the layers roads, water and parks")
        commands.add_parser("back", help="put what was loaded before in use again")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['command']}")(options)
        except Elsewhere as error:
            raise CommandError(f"{error} To load it anyway, say --elsewhere.") from error
        except Unreadable as error:
            raise CommandError(str(error)) from error
        except Denied as denied:
            raise CommandError(denied.sentence) from denied

    def _load(self, options: dict[str, Any]) -> None:
        bounds = [file for file in options["files"] if year_of_boundaries(file)]
        for file in bounds:
            self.stdout.write(f"{services.load_boundaries(path=file):,} boundaries of counties")
        if files := [file for file in options["files"] if file not in bounds]:
            self._load_streets(files, options)

    def _load_streets(self, files: list[Path], options: dict[str, Any]) -> None:
        try:
            columns = dict(each.split("=", 1) for each in options["columns"])
        except ValueError as error:
            raise CommandError("Write each of --columns as PART=COLUMN, for example number=HOUSE_NO.") from error
        with ExitStack() as stack:
            path = options["faults"]
            faults = stack.enter_context(path.open("w", newline="", encoding="utf-8")) if path else None
            data = services.load_streets(
                sources=[open_source(file, columns=columns) for file in files],
                dated=options["dated"],
                attribution=options["attribution"],
                elsewhere=options["elsewhere"],
                faults=faults,
                progress=self._progress,
            )
        for name, count in data.counts.items():
            self.stdout.write(f"{count:,} {name}")
        if left_out := sum(source["left_out"] for source in data.sources):
            self.stdout.write(f"{left_out:,} rows were left out; {path or 'a file named by --faults'} says why.")
        services.delete_gone_loads()
        self._say_size(street_map.map_size(data))

    def _find(self, options: dict[str, Any]) -> None:
        for found in finder.find_places(" ".join(options["text"])):
            told = {
                "address": found.address,
                "latitude": round(found.point.latitude, 6),
                "longitude": round(found.point.longitude, 6),
                "precision": found.precision,
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))

    def _map(self, options: dict[str, Any]) -> None:
        data = selectors.in_use()
        if data is None:
            raise CommandError("Nothing is loaded yet: run `manage.py places load FILE...` first.")
        path = options.get("file")
        if path is None:
            self._say_size(street_map.draw_map(data, progress=partial(self._progress, "map")))
            return
        try:
            with path.open("rb") as file:
                street_map.keep_map(data, File(file))
        except (OSError, street_map.NoMap) as error:
            raise CommandError(str(error)) from error
        self._say_size(path.stat().st_size)

    def _say_size(self, size: int) -> None:
        self.stdout.write(f"The map has {ceil(size / 1000):,} kB.")

    def _back(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"In use again: {services.go_back_to_previous()}.")

    def _progress(self, name: str, done: int, whole: int | None) -> None:
        of = f" of {whole:,}" if whole else ""
        self.stderr.write(f"{name}: {done:,}{of}")
