"""A relay of live video: two processes between the cameras and the pages that may show them."""

import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fusus_portal.ground.serving.limits import allow_open_files
from integration.relay import memory, processes


class Command(BaseCommand):
    help = "Run a relay of live video. LIVE_RELAYS names all of them, in the order of their numbers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--number", type=int, default=0, help="its place in LIVE_RELAYS, from 0")
        parser.add_argument("--bind", default="127.0.0.1:8100", help="host and port for pages, behind the proxy")
        parser.add_argument("--devices", default="127.0.0.1:8101", help="host and port for COREs, behind the proxy")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until stopped. Raises CommandError without an address, or if memory may reach a disk."""
        if not 0 <= options["number"] < len(settings.LIVE_RELAYS):
            raise CommandError(f"LIVE_RELAYS names no relay {options['number']}.")
        allow_open_files()
        pages, devices = listener(options["bind"]), listener(options["devices"])
        try:
            processes.run(options["number"], pages=pages, devices=devices)
        except memory.Unsafe as unsafe:
            raise CommandError(str(unsafe)) from unsafe
        except processes.Ended as ended:
            raise CommandError("The process that takes what devices send has ended.") from ended


def listener(bind: str) -> socket.socket:
    """Return a socket that listens at a host and port. Raises CommandError."""
    host, _colon, port = bind.rpartition(":")
    if not port.isdecimal():
        raise CommandError(f"{bind!r} is no host and port, such as 127.0.0.1:8100.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), int(port)), family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        raise CommandError(f"{bind}: {error}") from error
