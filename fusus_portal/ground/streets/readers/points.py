"""Address points in CSV files (RFC 4180) and GeoJSON files (RFC 7946), and the names of their columns."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import IO, Any, Final, TextIO

import ijson
from django.utils.translation import gettext as _

from fusus_portal.ground.streets.finder.numbers import HouseNumber
from fusus_portal.ground.streets.readers.rows import (
    ADDRESSES,
    BadRow,
    Coordinate,
    HouseRow,
    OnBadRow,
    Readable,
    Source,
    Unreadable,
    check_names,
    check_place,
    check_text,
    number_of,
    shown,
)

PARTS: Final = ("number", "street", "city", "zip_code", "longitude", "latitude", "letter")

Values = Sequence[str]

_LONGEST_NUMBER: Final = 12
"""Letters of the longest house number that is cached."""

# OpenAddresses, then NENA NG911 (site/structure address points), then common names of counties.
_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "number": ("number", "add_number", "house_number", "housenumber", "house_no", "addr_num", "st_num", "hse_num"),
    "letter": ("addnum_suf", "number_suffix", "num_suf"),
    "street": ("street", "street_name", "full_street", "fullname", "full_name", "st_full", "street_full", "lst_name"),
    "city": ("city", "post_comm", "post_city", "inc_muni", "municipality", "community"),
    "zip_code": ("postcode", "zip_code", "post_code", "zipcode", "zip"),
    "longitude": ("lon", "longitude", "long", "x"),
    "latitude": ("lat", "latitude", "y"),
}
_NENA_STREET: Final = ("st_premod", "st_predir", "st_pretyp", "st_name", "st_postyp", "st_posdir", "st_posmod")


class Columns:
    """Columns of a file for the parts of an address. given: {part: column} for unusual names. Raises Unreadable."""

    def __init__(
        self, names: Sequence[str], *, given: Mapping[str, str] | None = None, has_shape: bool = False
    ) -> None:
        self.place = {name.strip().lower(): at for at, name in enumerate(names)}
        self.given = given or {}
        self.missing: list[str] = []
        street = [self.place[name] for name in _NENA_STREET if name in self.place] if "st_name" in self.place else []
        self.street = street or [self._needed("street")]
        self.number = self._needed("number")
        self.letter, self.city, self.zip_code = self._at("letter"), self._at("city"), self._at("zip_code")
        if not has_shape:
            self.longitude, self.latitude = self._needed("longitude"), self._needed("latitude")
        if self.missing:
            raise Unreadable(
                _(
                    "No column for %(missing)s is in this file. It has: %(names)s. At the server, --columns names "
                    "them, for example number=HOUSE_NO."
                )
                % {"missing": ", ".join(sorted(self.missing)), "names": shown(", ".join(names), 300)}
            )

    def whole_rows(self) -> Callable[[Values], HouseRow]:
        read = self.placed_rows()
        longitude, latitude = self.longitude, self.latitude

        def whole(values: Values) -> HouseRow:
            try:
                place = float(values[longitude]), float(values[latitude])
            except ValueError as error:
                raise BadRow(_("The coordinates are not numbers.")) from error
            return read(values, place)

        return whole

    def placed_rows(self) -> Callable[[Values, Coordinate], HouseRow]:
        at_number, numbers, joined, checked = self.number, _Numbers(), self._joined(), _Checked()
        letter, city, zip_code = _value(self.letter), _value(self.city), _value(self.zip_code)

        def read(values: Values, place: Coordinate) -> HouseRow:
            x, y = check_place(*place)
            number, suffix = numbers[values[at_number]]
            street = checked[joined(values)]
            if not street or street.isspace():
                raise BadRow(_("The street has no name."))
            place_name = checked[city(values)]
            return HouseRow(number, (letter(values) or suffix)[:4], street, place_name, zip_code(values)[:5], x, y)

        return read

    def _joined(self) -> Callable[[Values], str]:
        if len(self.street) == 1:
            return _value(self.street[0])
        many = self.street
        return lambda values: " ".join(filter(None, (values[each] for each in many)))

    def _needed(self, part: str) -> int:
        at = self._at(part)
        if at is None:
            self.missing.append(part)
        return at or 0

    def _at(self, part: str) -> int | None:
        wanted = [self.given[part].lower()] if part in self.given else _COLUMNS[part]
        return next((self.place[name] for name in wanted if name in self.place), None)


class _Numbers(dict[str, HouseNumber]):
    """House numbers by text, cached: a county repeats them."""

    def __missing__(self, text: str) -> HouseNumber:
        number = number_of(text)
        if len(text) <= _LONGEST_NUMBER:
            self[text] = number
        return number


class _Checked(dict[str, str]):
    def __missing__(self, text: str) -> str:
        check_text(text)
        self[text] = text
        return text


def _value(at: int | None) -> Callable[[Values], str]:
    return itemgetter(at) if at is not None else lambda _values: ""


LONGEST_ROW: Final = 100_000
"""Most letters of a CSV row over all its lines; those of counties have some hundred."""


def csv_source(path: Readable, columns: Mapping[str, str] | None) -> Source:
    """Return the source of a CSV file, whose first line names the columns. Raises Unreadable."""
    with _opened_table(path) as file:
        names = next(_Table(file, path.name).rows(lambda *_bad: None), None)
    if not names:
        raise Unreadable(_("%(name)s is empty.") % {"name": shown(path.name)})
    check_names(names, path.name)
    read = Columns(names, given=columns).whole_rows()
    width = len(names)

    def rows(on_bad: OnBadRow) -> Iterator[HouseRow]:
        with _opened_table(path) as file:
            table = _Table(file, path.name)
            lines = table.rows(on_bad)
            next(lines)
            for values in lines:
                try:
                    if len(values) != width:
                        told = {"number": len(values), "first": width}
                        raise BadRow(_("The row has %(number)d columns, and the first one has %(first)d.") % told)
                    yield read(values)
                except BadRow as bad:
                    on_bad(table.number, str(bad))

    return Source(shown(path.name), ADDRESSES, None, rows)


class _Table:
    """An open CSV file, read by rows within LONGEST_ROW. number: the line on which the last row began."""

    def __init__(self, file: TextIO, name: str) -> None:
        self.file, self.name = file, shown(name)
        self.number, self.letters, self.is_over = 1, 0, False

    def rows(self, on_bad: OnBadRow) -> Iterator[Sequence[str]]:
        """Yield the values of each row; skip rows whose quotation marks do not match. Raises Unreadable."""
        lines = csv.reader(self._lines(), strict=True)
        while True:
            self.number, self.letters = lines.line_num + 1, 0
            try:
                values = next(lines, None)
            except csv.Error as error:
                if self.is_over:
                    raise self._endless(_("A quotation mark in it lacks its second one.")) from error
                on_bad(self.number, _("The quotation marks of the row do not match."))
                continue
            if values is None:
                return
            yield values

    def _lines(self) -> Iterator[str]:
        while line := self.file.readline(LONGEST_ROW + 1):
            self.letters += len(line)
            if self.letters > LONGEST_ROW:
                raise self._endless(_("A quotation mark before it may lack its second one."))
            if not line.isascii():
                self._check(line)
            yield line
        self.is_over = True

    def _check(self, line: str) -> None:
        try:
            line.encode("utf-8")
        except UnicodeEncodeError as error:
            byte = ord(line[error.start]) & 0xFF
            told = {"name": self.name, "row": f"{self.number:,}", "byte": f"0x{byte:02X}"}
            raise Unreadable(
                _("Row %(row)s of %(name)s is not UTF-8 (byte %(byte)s). Save the file as “CSV UTF-8” and load that.")
                % told
            ) from error

    def _endless(self, why: str) -> Unreadable:
        told = {"name": self.name, "row": f"{self.number:,}", "most": f"{LONGEST_ROW:,}", "why": why}
        return Unreadable(_("Row %(row)s of %(name)s has no end within %(most)s letters. %(why)s") % told)


def _opened_table(path: Readable) -> TextIO:
    return path.open("r", encoding="utf-8-sig", errors="surrogateescape", newline="")


LONGEST_FEATURE: Final = 1_000_000
"""Most bytes of a feature and everything before it; an address has some hundred."""


def geojson_source(path: Readable, columns: Mapping[str, str] | None) -> Source:
    """Return the source of a GeoJSON file, whose first feature names the columns. Raises Unreadable."""
    first = next(_features(path), None)
    if first is None:
        raise Unreadable(_("%(name)s holds no feature.") % {"name": shown(path.name)})
    names = list(first["properties"])
    check_names(names, path.name)
    read = Columns(names, given=columns, has_shape=True).placed_rows()

    def rows(on_bad: OnBadRow) -> Iterator[HouseRow]:
        for number, feature in enumerate(_features(path), 1):
            try:
                told = feature["properties"]
                values = ["" if told.get(name) is None else str(told[name]) for name in names]
                yield read(values, _place(feature.get("geometry")))
            except BadRow as bad:
                on_bad(number, str(bad))

    return Source(shown(path.name), ADDRESSES, None, rows)


def _place(shape: Any) -> Coordinate:
    try:
        x, y = shape["coordinates"][:2]
        return float(x), float(y)
    except (TypeError, KeyError, ValueError, OverflowError) as error:
        raise BadRow(_("The address is no point.")) from error


class _TooLong(Exception):
    """A feature without an end within LONGEST_FEATURE."""


class _Reach:
    """A file that refuses to be read on when a feature does not end within LONGEST_FEATURE."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.begin()

    def begin(self) -> None:
        self.left = LONGEST_FEATURE

    def read(self, size: int = -1) -> bytes:
        if self.left < 0:
            raise _TooLong
        piece = self.file.read(size)
        self.left -= len(piece)
        return piece


def _features(path: Readable) -> Iterator[dict[str, Any]]:
    count = 0
    try:
        with path.open("rb") as file:
            for feature in _read(file):
                if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
                    raise Unreadable(_("%(name)s is no GeoJSON with features.") % {"name": shown(path.name)})
                yield feature
                count += 1
    except _TooLong as error:
        told = {"name": shown(path.name), "number": f"{count + 1:,}", "most": f"{LONGEST_FEATURE // 1_000_000}"}
        raise Unreadable(
            _("Feature %(number)s of %(name)s has no end within %(most)s MB. An address is a point with some texts.")
            % told
        ) from error
    except (ijson.JSONError, ValueError, RecursionError) as error:
        told = {"name": shown(path.name), "count": f"{count:,}"}
        raise Unreadable(_("%(name)s is cut off, or no GeoJSON, after %(count)s features.") % told) from error


def _read(file: IO[bytes]) -> Iterator[Any]:
    if _has_lines(file):
        yield from (json.loads(line) for line in _lines(file) if line.strip())
        return
    reach = _Reach(file)
    for feature in ijson.items(reach, "features.item", use_float=True):
        yield feature
        reach.begin()


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(LONGEST_FEATURE + 1):
        if len(line) > LONGEST_FEATURE:
            raise _TooLong
        yield line


def _has_lines(file: IO[bytes]) -> bool:
    """True for a GeoJSON file with a feature on each line. Leaves it at its beginning, after a byte order mark."""
    begin = 3 if file.read(3) == b"\xef\xbb\xbf" else 0
    file.seek(begin)
    try:
        first = json.loads(file.readline(LONGEST_FEATURE))
    except (ValueError, RecursionError):
        first = None
    file.seek(begin)
    return isinstance(first, dict) and first.get("type") == "Feature"
