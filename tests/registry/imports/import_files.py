"""Files of a former registry, and imports brought as far as a test needs."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from fusus_portal.ground.accounts.models import User
from registry.imports.models import ImportBatch
from registry.imports.parser.columns import Field, guess_columns
from registry.imports.services import imports
from tests.factories import LINN_PARK, north_of, person

Lines = Iterable[dict[str, object]] | bytes
HEADER = [field.value for field in Field]


def line(number: int = 1, **changes: object) -> dict[str, object]:
    """Return a row of a file: one person with consent, a point and one camera."""
    point = north_of(LINN_PARK, number % 1000)
    row: dict[str, object] = {
        "name": f"Person {number}",
        "email": f"person.{number}@old.example",
        "phone": "205-555-0117",
        "kind": "person",
        "language": "en",
        "street": f"{number} Oak Street",
        "city": "Birmingham",
        "state": "AL",
        "zip_code": "35203",
        "place_kind": "home",
        "latitude": f"{point.latitude:.6f}",
        "longitude": f"{point.longitude:.6f}",
        "camera": "Front door",
        "camera_kind": "doorbell",
        "consent_date": "2024-05-17",
        "consent_source": "Paper form",
        "key": f"A-{number}",
    }
    return row | changes


def invited(number: int = 1, **changes: object) -> dict[str, object]:
    """Return a row of somebody whose consent is not on record."""
    return line(number, **{"consent_date": "", "consent_source": ""} | changes)


def as_file(lines: Iterable[dict[str, object]]) -> bytes:
    """Return rows as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=HEADER, restval="")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()


def brought(lines: Lines, *, by: User | None = None) -> ImportBatch:
    """Return an import whose file was read."""
    content = lines if isinstance(lines, bytes) else as_file(lines)
    return imports.upload(content=content, encoding="utf-8", by=by or person("administrator"))


def checked(lines: Lines, *, points: str = "pinned", by: User | None = None) -> ImportBatch:
    """Return an import whose rows were counted."""
    batch = brought(lines, by=by)
    imports.check(batch=batch, columns=guessed(batch), points=points, by=batch.uploaded_by)
    imports.work(pk=batch.pk)
    return fresh(batch)


def guessed(batch: ImportBatch) -> dict[str, int]:
    """Return the columns that the names of a file give away."""
    return guess_columns(batch.header)


def started(lines: Lines, **options: Any) -> ImportBatch:
    """Return an import that an administrator has started, before a worker comes to it."""
    batch = checked(lines, **options)
    return imports.start(batch=batch, by=batch.uploaded_by)


def imported(lines: Lines, **options: Any) -> ImportBatch:
    """Return an import that is done."""
    batch = started(lines, **options)
    imports.work(pk=batch.pk)
    return fresh(batch)


def undone(batch: ImportBatch) -> ImportBatch:
    """Return an import that was undone."""
    imports.undo(batch=batch, by=batch.uploaded_by)
    imports.work(pk=batch.pk)
    return fresh(batch)


def fresh(batch: ImportBatch) -> ImportBatch:
    """Return an import as it is now."""
    return ImportBatch.objects.get(pk=batch.pk)


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    """Return rows added, people invited, rows already there, rows with errors."""
    return batch.added, batch.invited, batch.there, batch.errors


def faults(batch: ImportBatch) -> list[tuple[int, str, str]]:
    """Return row, field and problem of all that is to be said."""
    return list(batch.faults.order_by("row", "pk").values_list("row", "field", "problem"))


def many(number: int) -> Iterator[dict[str, object]]:
    """Yield so many rows of different people, every tenth without consent."""
    for each in range(number):
        yield invited(each) if each % 10 == 9 else line(each)
