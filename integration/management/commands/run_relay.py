"""A relay of live video: the process that hands a camera's pictures to whoever may see them."""

from argparse import ArgumentParser
from typing import Any

from aiohttp import web
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fusus_portal.ground.serving.open_files import allow_open_files
from integration.relay import memory
from integration.relay.app import application

SECONDS_TO_END = 1.0


class Command(BaseCommand):
    """Serve until told to stop."""

    help = "Run a relay of live video. LIVE_RELAYS names all of them, in the order of their numbers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take its number and where it listens."""
        parser.add_argument("--number", type=int, default=0, help="its place in LIVE_RELAYS, from 0")
        parser.add_argument("--bind", default="127.0.0.1:8100", help="host and port, behind the proxy")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve. Raises CommandError for a number without an address, and where its memory may reach a disk."""
        host, _colon, port = options["bind"].rpartition(":")
        if not 0 <= options["number"] < len(settings.LIVE_RELAYS):
            raise CommandError(f"LIVE_RELAYS names no relay {options['number']}.")
        if not port.isdecimal():
            raise CommandError(f"{options['bind']!r} is no host and port, such as 127.0.0.1:8100.")
        allow_open_files()
        try:
            memory.guard()
        except memory.Unsafe as unsafe:
            raise CommandError(str(unsafe)) from unsafe
        web.run_app(
            application(options["number"]),
            host=host,
            port=int(port),
            print=None,
            access_log=None,
            shutdown_timeout=SECONDS_TO_END,
            handle_signals=True,
        )
