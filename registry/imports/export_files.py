"""The whole registry in one ZIP: CSV and GeoJSON, which our own import reads, and JSON."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone

from fusus_portal.ground.geo.points import FINDABLE
from fusus_portal.ground.tables.archive import BYTE_ORDER_MARK
from fusus_portal.ground.tables.spreadsheets import harmless
from registry.imports.parser.columns import OF_CAMERA, Field
from registry.places.camera_fields import NAMES
from registry.places.models import Camera, Premises

OWN_SOURCE = "Registered on the portal"
"""Source of consent of people who registered on the portal. Its day is that of the registration."""

OF_BUSINESS = ("contact_way", "contact_person", "second_phone", "hours")
"""Fields that only the JSON has, besides `NAMES`. It alone has paused cameras, too."""

Line = dict[str, str | int | float]


def write_archive(file: BinaryIO, places: Iterable[Premises]) -> list[Camera]:
    """Write the ZIP of these places; return the cameras in it, each with its premises.

    places: with `registrant__user`, `registrant__imported` and `cameras` loaded.
    """
    cameras: list[Camera] = []
    lines: list[Line] = []
    registrations: dict[str, dict[str, Any]] = {}
    for place in places:
        own = list(place.cameras.all())
        for camera in own:
            camera.premises = place
        cameras.extend(own)
        lines.extend(_lines(place, [camera for camera in own if camera.paused_at is None]))
        _add(registrations, place, own)
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("registry.csv", BYTE_ORDER_MARK + _csv(lines))
        archive.writestr("registry.geojson", json.dumps(_features(lines), ensure_ascii=False))
        archive.writestr("registry.json", json.dumps(list(registrations.values()), ensure_ascii=False, indent=1))
    return cameras


def _lines(place: Premises, cameras: list[Camera]) -> Iterator[Line]:
    shared = _shared(place)
    for camera in cameras:
        yield {
            **shared,
            **{column.value: getattr(camera, name) for name, column in OF_CAMERA.items()},
            Field.CAMERAS.value: 1,
        }
    if not cameras:
        yield {**shared, **{column.value: "" for column in OF_CAMERA.values()}, Field.CAMERAS.value: 0}


def _shared(place: Premises) -> Line:
    """Return the columns that all cameras of a place share. The middle of a ZIP code is no point, and left out."""
    registrant = place.registrant
    exact = place.precision in FINDABLE
    imported = getattr(registrant, "imported", None)
    since = timezone.localtime(registrant.registered_at).date()
    return {
        Field.NAME.value: registrant.name,
        Field.EMAIL.value: registrant.user.email,
        Field.PHONE.value: registrant.phone,
        Field.KIND.value: registrant.kind,
        Field.LANGUAGE.value: registrant.language,
        Field.STREET.value: place.street,
        Field.CITY.value: place.city,
        Field.STATE.value: place.state,
        Field.ZIP_CODE.value: place.zip_code,
        Field.PLACE_KIND.value: place.kind,
        Field.LATITUDE.value: place.latitude if exact else "",
        Field.LONGITUDE.value: place.longitude if exact else "",
        Field.CONSENT_DATE.value: str(imported.consent_on if imported else since),
        Field.CONSENT_SOURCE.value: imported.consent_source if imported else OWN_SOURCE,
    }


def _csv(lines: list[Line]) -> str:
    text = io.StringIO()
    columns = [field.value for field in Field if field != Field.KEY]
    writer = csv.DictWriter(text, fieldnames=columns)
    writer.writeheader()
    writer.writerows({column: harmless(line[column]) for column in columns} for line in lines)
    return text.getvalue()


def _features(lines: list[Line]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": _geometry(line),
                "properties": {
                    name: value
                    for name, value in line.items()
                    if name not in (Field.LATITUDE.value, Field.LONGITUDE.value)
                },
            }
            for line in lines
        ],
    }


def _geometry(line: Line) -> dict[str, Any] | None:
    if line[Field.LATITUDE.value] == "":
        return None
    return {"type": "Point", "coordinates": [line[Field.LONGITUDE.value], line[Field.LATITUDE.value]]}


def _add(registrations: dict[str, dict[str, Any]], place: Premises, cameras: list[Camera]) -> None:
    shared = _shared(place)
    of_person = (Field.NAME, Field.EMAIL, Field.PHONE, Field.KIND, Field.LANGUAGE)
    of_consent = (Field.CONSENT_DATE, Field.CONSENT_SOURCE)
    person = registrations.setdefault(
        str(place.registrant_id),
        {
            "registration": place.registrant.reference,
            **{name: getattr(place.registrant, name) for name in OF_BUSINESS},
            **{field.value: shared[field.value] for field in (*of_person, *of_consent)},
            "places": [],
        },
    )
    rest = {name: value for name, value in shared.items() if name not in person}
    own = [
        {**{name: getattr(camera, name) for name in NAMES}, "paused": camera.paused_at is not None}
        for camera in cameras
    ]
    person["places"].append({"name": place.name, **rest, "precision": place.precision, "cameras": own})
