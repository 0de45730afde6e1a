"""Uploads of streets and addresses, at each state."""

import csv
import io
import time
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from fusus_portal.demo.data.tiger import Home
from fusus_portal.ground.streets import services
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.states import LoadState
from tests.factories import person

HOMES = [Home(number, "20th St S", "Birmingham", "35205", -86.7985, 33.5013) for number in (1104, 1106)]
PATIENCE = 20.0
SHELBY = [Home(1, "Main St", "Columbiana", "35051", -86.607, 33.178)]


def as_file(homes: Iterable[Home] = tuple(HOMES), name: str = "addresses.csv") -> SimpleUploadedFile:
    """Return a CSV of addresses as a browser sends it."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["LON", "LAT", "NUMBER", "STREET", "CITY", "POSTCODE"])
    for home in homes:
        rows.writerow([home.longitude, home.latitude, home.number, home.street, home.city, home.zip_code])
    return SimpleUploadedFile(name, text.getvalue().encode())


def uploaded(homes: Iterable[Home] = tuple(HOMES), **told: Any) -> StreetData:
    """Return an upload that no worker has read yet."""
    return services.upload_files(uploaded=[as_file(homes)], by=person("administrator"), **told)


def ready(homes: Iterable[Home] = tuple(HOMES), **told: Any) -> StreetData:
    """Return an upload that was read."""
    return _read(uploaded(homes, **told))


def failed() -> StreetData:
    """Return an upload of another county, which stopped."""
    return _read(uploaded(SHELBY))


def current(homes: Iterable[Home] = tuple(HOMES), **told: Any) -> StreetData:
    """Return an upload that is in use."""
    return services.use_load(data=ready(homes, **told), by=person("administrator"))


def previous() -> StreetData:
    """Return an upload in whose place another is in use."""
    data = current()
    current()
    data.refresh_from_db()
    return data


def _read(data: StreetData) -> StreetData:
    """Read it here, or wait for the worker of a portal that runs beside the test and was quicker."""
    services.read_upload(pk=data.pk)
    deadline = time.monotonic() + PATIENCE
    while StreetData.objects.filter(pk=data.pk, state=LoadState.LOADING).exists():
        assert time.monotonic() < deadline, "nobody reads the files"
        time.sleep(0.05)
    data.refresh_from_db()
    return data
