"""Parser of one row of an import: its values, and its faults. Cells are plain text, never formulas."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from fusus_portal.ground.geo.counties import county_at, inside_jurisdiction, own_county
from fusus_portal.ground.geo.geocoding import Address, AddressNotFound, geocode_area
from fusus_portal.ground.geo.points import Point, Precision
from fusus_portal.ground.tables import unharmed
from registry.imports.parser.columns import NEEDED, OF_CAMERA, Field, Problem
from registry.imports.parser.tables import NO_TEXT
from registry.places.camera_fields import DESCRIBED
from registry.places.models import ZIP_CODE
from registry.places.policies import check_no_way_in
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import LANGUAGES
from registry.rules import CAMERAS_IN_A_ROW, EARLIEST_CONSENT_YEAR, PIN_FAR_FROM_ZIP_M

LONGEST: Mapping[Field, int] = {
    Field.NAME: 120,
    Field.EMAIL: 254,
    Field.PHONE: 20,
    Field.STREET: 120,
    Field.CITY: 80,
    **{OF_CAMERA[field.name]: field.longest for field in DESCRIBED if field.name in OF_CAMERA},
    Field.CAMERA: 70,
    Field.CONSENT_SOURCE: 120,
    Field.KEY: 80,
}
"""Longest text of each field in the database; a camera's name leaves room for a number."""

TEXTS = tuple(field for field in Field if field != Field.EMAIL)
"""Fields in which somebody could write down how to watch a camera."""
DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%Y/%m/%d", "%m-%d-%Y")
KINDS = {
    "": "person",
    **dict.fromkeys(("person", "home", "homeowner", "resident", "residential", "private", "individual"), "person"),
    **dict.fromkeys(("business", "commercial", "company", "organization", "store", "school", "church"), "business"),
}
PLACE_KINDS = {
    **dict.fromkeys(("home", "house", "residence", "residential", "apartment"), "home"),
    **dict.fromkeys(("business", "commercial", "store", "office"), "business"),
    "other": "other",
}
SPANISH = frozenset({"es", "spanish", "español", "espanol"})
CAMERA = "Camera"


class Note(NamedTuple):
    """A fault of a row. stops: nothing of the row is imported."""

    problem: Problem
    field: str = ""
    stops: bool = True


class ImportRow(NamedTuple):
    """A row that can be imported. consent_on: None for a person who can only be invited."""

    number: int
    key: str
    email: str
    name: str
    phone: str
    kind: str
    language: str
    address: Address
    place_kind: str
    point: Point
    precision: Precision
    county_fips: str
    cameras: tuple[CameraDetails, ...]
    consent_on: date | None
    consent_source: str


class _Reader:
    def __init__(self, cells: Sequence[str], columns: Mapping[str, int]) -> None:
        self.notes: list[Note] = []
        self._texts = {field: self._tidy(field, cells, columns) for field in Field}

    def _tidy(self, field: Field, cells: Sequence[str], columns: Mapping[str, int]) -> str:
        place = columns.get(field)
        cell = cells[place] if place is not None and place < len(cells) else ""
        if not cell:
            return ""
        if not cell.isprintable() and NO_TEXT.search(cell):  # the search is slow, and hardly a cell needs it
            self.wrong(Problem.CHARACTERS, field)
            return ""
        text = " ".join(unharmed(cell.strip()).split())
        if len(text) > LONGEST.get(field, 100):
            self.wrong(Problem.TOO_LONG, field)
        return text

    def __getitem__(self, field: Field) -> str:
        return self._texts[field]

    def wrong(self, problem: Problem, field: Field, *, stops: bool = True) -> None:
        if not any(note.field == field.value for note in self.notes):
            self.notes.append(Note(problem, field.value, stops))


def parse(
    number: int, cells: Sequence[str], *, columns: Mapping[str, int], width: int, points: str, today: date
) -> tuple[ImportRow | None, list[Note]]:
    """Return the row, or None if it can't be imported, and its faults.

    columns: column by field. width: number of columns in the header. points: how good the file's points are.
    """
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return None, [Note(Problem.CELLS)]
    read = _Reader(cells, columns)
    _check_texts(read)
    email = _email(read)
    kind, place_kind = _kinds(read)
    address = _address(read)
    place = _place(read, address, points)
    cameras = _cameras(read)
    consent_on = _consent(read, today)
    if place is None or any(note.stops for note in read.notes):
        return None, [note for note in read.notes if note.stops]
    point, precision = place
    row = ImportRow(
        number=number,
        key=read[Field.KEY],
        email=email,
        name=read[Field.NAME],
        phone=read[Field.PHONE],
        kind=kind,
        language="es" if read[Field.LANGUAGE].casefold() in SPANISH else next(iter(LANGUAGES)),
        address=address,
        place_kind=place_kind,
        point=point,
        precision=precision,
        county_fips=_county_fips(point),
        cameras=cameras,
        consent_on=consent_on,
        consent_source=read[Field.CONSENT_SOURCE] if consent_on else "",
    )
    return row, read.notes


def _check_texts(read: _Reader) -> None:
    for field in NEEDED:
        if not read[field]:
            read.wrong(Problem(field.value), field)
    try:
        check_no_way_in({field: read[field] for field in TEXTS})
    except ValidationError as error:
        for name in error.message_dict:
            read.wrong(Problem.WAY_IN, Field(name))


def _email(read: _Reader) -> str:
    email = read[Field.EMAIL].lower()
    try:
        validate_email(email)
    except ValidationError:
        read.wrong(Problem.EMAIL, Field.EMAIL)
    return email


def _kinds(read: _Reader) -> tuple[str, str]:
    kind = KINDS.get(read[Field.KIND].casefold(), "")
    if not kind:
        read.wrong(Problem.KIND, Field.KIND)
    usual = "business" if kind == "business" else "home"
    said = read[Field.PLACE_KIND].casefold()
    place_kind = PLACE_KINDS.get(said, "") if said else usual
    if not place_kind:
        read.wrong(Problem.PLACE_KIND, Field.PLACE_KIND)
    return kind, place_kind


def _address(read: _Reader) -> Address:
    state = read[Field.STATE].upper() or own_county().state_code
    if not (len(state) == 2 and state.isascii() and state.isalpha()):
        read.wrong(Problem.STATE, Field.STATE)
    if not (re.fullmatch(ZIP_CODE, read[Field.ZIP_CODE]) and read[Field.ZIP_CODE].isascii()):
        read.wrong(Problem.ZIP_CODE, Field.ZIP_CODE)
    return Address(read[Field.STREET], read[Field.CITY], state, read[Field.ZIP_CODE])


def _place(read: _Reader, address: Address, points: str) -> tuple[Point, Precision] | None:
    middle = _middle(address.zip_code[:5], address.state)
    if middle is None:
        read.wrong(Problem.ZIP_CODE, Field.ZIP_CODE)
        return None
    point, precision = middle, Precision.AREA
    if read[Field.LATITUDE] or read[Field.LONGITUDE]:
        try:
            point = Point(float(read[Field.LATITUDE]), float(read[Field.LONGITUDE]))
        except ValueError:
            read.wrong(Problem.POINT, Field.LATITUDE)
            return None
        precision = Precision(points)
        if point.distance_m(middle) > PIN_FAR_FROM_ZIP_M:
            read.wrong(Problem.FAR, Field.LATITUDE)
            return None
    if not _is_inside(point):
        read.wrong(Problem.OUTSIDE, Field.ZIP_CODE if precision == Precision.AREA else Field.LATITUDE)
        return None
    return point, precision


def _cameras(read: _Reader) -> tuple[CameraDetails, ...]:
    said = read[Field.CAMERAS]
    count = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else (1 if not said else -1)
    if not 0 <= count <= CAMERAS_IN_A_ROW:
        read.wrong(Problem.CAMERAS, Field.CAMERAS)
        return ()
    name = read[Field.CAMERA] or CAMERA
    names = [name] if count == 1 else [f"{name} {number}" for number in range(1, count + 1)]
    described: dict[str, Any] = {name: read[column] for name, column in OF_CAMERA.items()}
    return tuple(CameraDetails(**described | {"name": each}) for each in names)


def _consent(read: _Reader, today: date) -> date | None:
    said, source = read[Field.CONSENT_DATE], read[Field.CONSENT_SOURCE]
    if not said or not source:
        if said or source:
            read.wrong(Problem.CONSENT_MISSING, Field.CONSENT_SOURCE if said else Field.CONSENT_DATE, stops=False)
        return None
    day = _day(said)
    if day is None or not date(EARLIEST_CONSENT_YEAR, 1, 1) <= day <= today:
        read.wrong(Problem.CONSENT_DATE, Field.CONSENT_DATE, stops=False)
        return None
    return day


@lru_cache(maxsize=4096)
def _day(said: str) -> date | None:
    said = re.split(r"[T ]", said)[0]
    for form in DAYS:
        try:
            return datetime.strptime(said, form).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    return None


@lru_cache(maxsize=4096)
def _middle(zip_code: str, state: str) -> Point | None:
    try:
        return geocode_area(Address("", "", state, zip_code)).point
    except AddressNotFound:
        return None


_is_inside = lru_cache(maxsize=4096)(inside_jurisdiction)


@lru_cache(maxsize=4096)
def _county_fips(point: Point) -> str:
    county = county_at(point)
    return county.fips if county else own_county().fips
