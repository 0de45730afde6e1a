"""How fast a former registry of 100,000 rows is read, counted, brought in and taken out again, all on disk."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connection

from bench.portal import fresh
from bench.timing import table
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.settings.base import storages
from registry.imports.models import ImportBatch
from registry.imports.services import imports, worker
from registry.people.models import Registrant
from registry.places.models import Camera
from tests.factories import person
from tests.registry.imports.import_files import as_file, guessed, line

ROWS = 100_000
BARS = {"bring in": 1_000, "undo": 500}
"""Rows a second; each that comes in is a registrant, a place and a camera, with history and entries."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What an act took, in seconds. own, server: processor time of this process and of PostgreSQL's beside it."""

    seconds: float
    own: float
    server: float

    @property
    def rate(self) -> int:
        """Rows a second."""
        return round(ROWS / self.seconds)


def main(server: Postgres) -> bool:
    """Return whether rows come in, and are taken out again, at least as fast as the bars say."""
    content = as_file(line(number) for number in range(ROWS))
    with fresh(server), tempfile.TemporaryDirectory() as root:
        for name, made in storages(Path(root), "").items():
            if "OPTIONS" in made:
                settings.STORAGES[name]["OPTIONS"] = made["OPTIONS"]
        acts = measure(content)
    table(
        f"An import of {ROWS:,} rows ({len(content) / 10**6:.0f} MB), one camera each",
        ["act", "seconds", "rows a second", "Python's processor time, ms a row", "PostgreSQL's, ms a row"],
        [(act, spent.seconds, spent.rate, *_milliseconds(spent)) for act, spent in acts.items()],
    )
    return all(acts[act].rate >= bar for act, bar in BARS.items())


def measure(content: bytes) -> dict[str, Spent]:
    """Return what each act takes, once, as in life: the tables grow from nothing to 100,000."""
    administrator = person("administrator")
    acts: dict[str, Spent] = {}
    acts["read the file"] = spent_by(lambda: imports.upload(content=content, encoding="utf-8", by=administrator))
    batch = ImportBatch.objects.get()
    imports.check(batch=batch, columns=guessed(batch), points="pinned", by=administrator)
    acts["count"] = spent_by(lambda: worker.work(pk=batch.pk))
    imports.start(batch=batch, by=administrator)
    acts["bring in"] = spent_by(lambda: worker.work(pk=batch.pk))
    if (Registrant.objects.count(), Camera.objects.count()) != (ROWS, ROWS):
        raise RuntimeError("not every row came in")
    imports.undo(batch=batch, by=administrator)
    acts["undo"] = spent_by(lambda: worker.work(pk=batch.pk))
    if Registrant.objects.exists():
        raise RuntimeError("the undoing left somebody")
    return acts


def spent_by(act: Callable[[], object]) -> Spent:
    """Return what an act takes. The server's process is that of the connection, which stays open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    ours, theirs = psutil.Process(), psutil.Process(pid)
    own, server, begun = _processor(ours), _processor(theirs), time.perf_counter()
    act()
    return Spent(time.perf_counter() - begun, _processor(ours) - own, _processor(theirs) - server)


def _processor(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _milliseconds(spent: Spent) -> tuple[float, float]:
    return spent.own / ROWS * 1000, spent.server / ROWS * 1000
