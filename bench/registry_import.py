"""How fast a former registry of 100,000 rows is read, counted, brought in and taken out again, all on disk."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from bench.portal import fresh
from bench.timing import table
from fusus_portal.demo.postgres import Postgres
from fusus_portal.settings.base import storages
from registry.models import Camera, ImportBatch, Registrant
from registry.services import import_work, imports
from tests.factories import person
from tests.registry.import_files import as_file, guessed, line

ROWS = 100_000
BAR = 1_000
"""Rows a second that come in, each a registrant, a place and a camera, with history and entries."""


def main(server: Postgres) -> bool:
    """Return whether rows come in at 1,000 a second or faster."""
    content = as_file(line(number) for number in range(ROWS))
    with fresh(server), tempfile.TemporaryDirectory() as root:
        for name, made in storages(Path(root), "").items():
            if "OPTIONS" in made:
                settings.STORAGES[name]["OPTIONS"] = made["OPTIONS"]
        rates = measure(content)
    table(
        f"An import of {ROWS:,} rows ({len(content) / 10**6:.0f} MB), one camera each",
        ["act", "seconds", "rows a second"],
        [(act, seconds, round(ROWS / seconds)) for act, seconds in rates.items()],
    )
    return ROWS / rates["bring in"] >= BAR


def measure(content: bytes) -> dict[str, float]:
    """Return the seconds that each act takes, once, as in life: the tables grow from nothing to 100,000."""
    administrator = person("administrator")
    seconds: dict[str, float] = {}
    seconds["read the file"] = timed(lambda: imports.upload(content=content, encoding="utf-8", by=administrator))
    batch = ImportBatch.objects.get()
    imports.check(batch=batch, columns=guessed(batch), points="pinned", by=administrator)
    seconds["count"] = timed(lambda: import_work.work(pk=batch.pk))
    imports.start(batch=batch, by=administrator)
    seconds["bring in"] = timed(lambda: import_work.work(pk=batch.pk))
    if (Registrant.objects.count(), Camera.objects.count()) != (ROWS, ROWS):
        raise RuntimeError("not every row came in")
    imports.undo(batch=batch, by=administrator)
    seconds["undo"] = timed(lambda: import_work.work(pk=batch.pk))
    if Registrant.objects.exists():
        raise RuntimeError("the undoing left somebody")
    return seconds


def timed(act: Callable[[], object]) -> float:
    """Return the seconds that an act takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
