"""A PostgreSQL of its own whose clock is led, and the portal's clock with it.

The database stamps each entry itself, and refuses any other time. So the server's own clock is led, by libfaketime
(packages-test.txt), which answers in the place of the system's clock; nothing of the portal knows.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine
from django.db import connection

from fusus_portal.demo.servers import places, postgres
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.settings.base import BASE_DIR
from tests.database import template
from tests.database.clone import Clone
from tests.days.libfaketime import library


@dataclass
class LedClock:
    """The clock that the database server reads. It does not run; tests move it."""

    file: Path
    traveller: time_machine.travel | None = field(default=None, repr=False)

    def lead_to(self, moment: datetime) -> None:
        """Make it this moment for the database server and for the portal."""
        half = self.file.with_suffix(".half")
        half.write_text(f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}\n", encoding="ascii")
        half.chmod(0o644)
        half.replace(self.file)
        self.let_go()
        self.traveller = time_machine.travel(moment, tick=False)
        self.traveller.start()

    def let_go(self) -> None:
        """Give the portal the real time again."""
        if self.traveller is not None:
            self.traveller.stop()
            self.traveller = None


@contextmanager
def led_server(begin: datetime) -> Iterator[tuple[Postgres, LedClock]]:
    """Run a server whose clock begins at a moment; remove it and its files at the end.

    The portal's tables are made before that, at the pace and time of the machine.
    """
    home = places.tests(BASE_DIR).base.with_name(f"fusus-portal-{places.mark(BASE_DIR)}-clock-{os.getpid()}")
    place = places.place(BASE_DIR, purpose=f"clock-{os.getpid()}", base=home)
    server = postgres.postgres(place, checkout=BASE_DIR, settings=postgres.FAST)
    clock = LedClock(server.root / "clock")
    try:
        postgres.start(server)
        template.template(server)
        postgres.stop(server)
        clock.lead_to(begin)
        clock.let_go()
        postgres.start(server, before=leading(clock.file))
        yield server, clock
    finally:
        clock.let_go()
        postgres.stop(server)
        for folder in (home, place.postgres_sockets, place.valkey_sockets):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_portal(server: Postgres) -> Iterator[Clone]:
    """Connect Django to a new database of the portal on a server; connect it to where it was, at the end."""
    saved: dict[str, Any] = dict(connection.settings_dict)
    before = getattr(Clone, "current", None)
    clone = Clone(server, f"{template.CLONE}{os.getpid()}_clock")
    try:
        yield clone
    finally:
        clone.remove()
        connection.settings_dict.update(saved)
        if before is not None:
            Clone.current = before


def leading(file: Path) -> list[str]:
    """Return what runs a program whose clock a file leads. Timers of the system keep their pace."""
    told = {
        "LD_PRELOAD": str(library()),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "UTC",
    }
    return ["/usr/bin/env", *(f"{name}={value}" for name, value in told.items())]
