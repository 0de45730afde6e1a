"""A CORE without the box: the reference client of the device API."""

import re
import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integration.cores.models import CHANNEL
from integration.reference.calls import Calls, NotLetIn
from integration.reference.client import HEALTH_EVERY, Client
from integration.reference.memory import Memory
from integration.reference.recorder import Bounds

RECORDED_MEGABYTES = 2_048


class Command(BaseCommand):
    """Run a CORE: activate it once, then poll and report until it is told to stop."""

    help = "Run a CORE against a portal: the reference client of the device API."
    requires_system_checks = ()
    verbosity = 1

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address, the serial number, the code, the state file and the cameras."""
        parser.add_argument("--server", required=True, help="the portal, such as https://portal.example")
        parser.add_argument("--serial", required=True, help="its serial number")
        parser.add_argument("--code", default="", help="the activation code; needed the first time only")
        parser.add_argument("--state", required=True, type=Path, help="file for its key and token")
        parser.add_argument(
            "--camera",
            action="append",
            default=[],
            metavar="NAME=SOURCE",
            help="a camera: front=testsrc, front=FILE or front=rtsp://...; may be given several times",
        )
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

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Raises CommandError for a wrong code or a wrong option."""
        self.verbosity = options["verbosity"]
        try:
            memory = Memory.load(options["state"], serial=options["serial"].upper())
            calls = Calls(options["server"], memory)
            cameras = dict(self._camera(text) for text in options["camera"])
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(str(error)) from error
        minutes, size = options["record_minutes"], options["record_megabytes"] * 1024 * 1024
        bounds = Bounds(minutes, size) if minutes > 0 else None
        client = Client(calls, cameras, tell=self._tell, health_every=options["health_every"], bounds=bounds)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: client.end())
        try:
            if not memory.token:
                client.activate(options["code"])
        except NotLetIn as refused:
            raise CommandError(str(refused)) from refused
        client.run()

    def _camera(self, text: str) -> tuple[str, str]:
        name, _equals, source = text.partition("=")
        if not re.match(CHANNEL, name) or not source:
            raise ValueError(f"{text!r} is no camera such as front=testsrc")
        return name, source

    def _tell(self, line: str) -> None:
        if self.verbosity > 0:
            self.stdout.write(line)
            self.stdout.flush()
