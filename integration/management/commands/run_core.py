import re
import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integration.cores.models import CHANNEL
from integration.reference.calls import Calls, NotLetIn
from integration.reference.cameras import LASTS, Cameras
from integration.reference.client import HEALTH_EVERY, Client
from integration.reference.device import Memory
from integration.reference.discovery import SECONDS_TO_FIND, find_cameras
from integration.reference.recordings import Bounds
from integration.reference.sources import Logins, Wanted

RECORDED_MEGABYTES = 2_048


class Command(BaseCommand):
    help = "Run a CORE against a portal: the reference client of the device API."
    requires_system_checks = ()
    verbosity = 1

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--server", default="", help="the portal, such as https://portal.example")
        parser.add_argument("--serial", default="", help="its serial number")
        parser.add_argument("--code", default="", help="the activation code; needed the first time only")
        parser.add_argument("--state", type=Path, default=None, help="file for its key and token")
        parser.add_argument(
            "--camera",
            action="append",
            default=[],
            metavar="NAME=SOURCE",
            help="a camera: front=testsrc, front=FILE, front=rtsp://HOST/PATH or front=onvif://HOST[/PROFILE]; may be "
            "given several times",
        )
        parser.add_argument(
            "--logins", type=Path, default=None, help="JSON file with user and password by host; its user's alone"
        )
        parser.add_argument("--discover", action="store_true", help="find cameras in the local network, and end")
        parser.add_argument("--interface", default="", help="the device's own address in the network to search")
        parser.add_argument("--pictures", type=Path, default=None, help="folder for a picture of each profile found")
        parser.add_argument(
            "--record-minutes",
            type=int,
            default=0,
            help="record the cameras and keep so many minutes, for clips; without it nothing is recorded",
        )
        parser.add_argument(
            "--record-megabytes", type=int, default=RECORDED_MEGABYTES, help="the most room that recordings take"
        )
        parser.add_argument("--health-every", type=float, default=HEALTH_EVERY, help="seconds between reports")
        parser.add_argument(
            "--problem-after", type=float, default=LASTS, help="seconds until a black, covered or still picture is told"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.verbosity = options["verbosity"]
        if options["discover"]:
            self._discover(Logins(options["logins"]), options["interface"], options["pictures"])
            return
        if not (options["server"] and options["serial"] and options["state"]):
            raise CommandError("--server, --serial and --state are needed")
        try:
            memory = Memory.load(options["state"], serial=options["serial"].upper())
            client = self._client(Calls(options["server"], memory), options)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(str(error)) from error
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: client.end())
        try:
            if not memory.token:
                client.activate(options["code"])
        except NotLetIn as refused:
            raise CommandError(str(refused)) from refused
        client.run()

    def _client(self, calls: Calls, options: dict[str, Any]) -> Client:
        logins = Logins(options["logins"])
        logins.of("")  # a file that others can read is refused before anything is opened
        cameras = Cameras(
            dict(self._camera(text) for text in options["camera"]),
            calls.memory.file.with_suffix(".cameras"),
            logins,
            tell=self._tell,
            lasts=options["problem_after"],
            ahead=lambda: calls.ahead,
        )
        minutes, size = options["record_minutes"], options["record_megabytes"] * 1024 * 1024
        return Client(
            calls,
            cameras,
            tell=self._tell,
            health_every=options["health_every"],
            bounds=Bounds(minutes, size) if minutes > 0 else None,
        )

    def _discover(self, logins: Logins, interface: str, pictures: Path | None) -> None:
        try:
            for line in find_cameras(logins, seconds=SECONDS_TO_FIND, interface=interface, pictures=pictures):
                self._tell(line)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error

    def _camera(self, text: str) -> tuple[str, Wanted]:
        name, _equals, source = text.partition("=")
        if not re.match(CHANNEL, name) or not source:
            raise ValueError(f"{name!r} is no camera such as front=testsrc")
        return name, Wanted(source)

    def _tell(self, line: str) -> None:
        if self.verbosity > 0:
            self.stdout.write(line)
            self.stdout.flush()
