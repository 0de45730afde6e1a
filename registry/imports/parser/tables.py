"""Reader of the table in a file: CSV with any usual delimiter, or GeoJSON. Other files are refused with a sentence."""

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext as _, gettext_lazy

from registry.rules import IMPORT_COLUMNS, IMPORT_ROWS

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t|"
LATITUDE, LONGITUDE = "latitude", "longitude"
LONGEST_NAME = 80
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters, and halves of surrogate pairs, which JSON can spell and UTF-8 can't encode."""


class Encoding(TextChoices):
    """The encoding of a file, as the agency states it: a guess would garble names."""

    UTF_8 = "utf-8", gettext_lazy("UTF-8 (usual)")
    WINDOWS = "cp1252", gettext_lazy("Windows-1252 (older Excel)")


class UnreadableTable(Exception):
    """A file without a readable table. Its text says where and why."""


class ImportTable(NamedTuple):
    """Names of columns, and rows, each with its number in a spreadsheet (the first line is 1)."""

    header: list[str]
    rows: Iterator[tuple[int, list[str]]]


def read(content: bytes, *, encoding: str = Encoding.UTF_8) -> ImportTable:
    """Return the table in a file. Raises UnreadableTable, for some faults only while the rows are read."""
    if not content.strip():
        raise UnreadableTable(_("This file is empty."))
    text = _decoded(content, encoding)
    table = _features(text) if text.lstrip()[:1] in ("{", "[") else _lines(text)
    return ImportTable(table.header, _counted(table.rows))


def _decoded(content: bytes, encoding: str) -> str:
    if content.startswith(UTF_16):
        raise UnreadableTable(_("This file is written in UTF-16. Please save it as “CSV UTF-8”."))
    if (place := content.find(b"\0")) >= 0:
        where = {"row": _row_at(content, place), "byte": place + 1}
        raise UnreadableTable(
            _("Row %(row)d holds a zero byte (byte %(byte)d of the file): this is no text file.") % where
        )
    content = content.removeprefix(BYTE_ORDER_MARK)
    if encoding == Encoding.WINDOWS and _is_utf_8(content):
        raise UnreadableTable(
            _("This file is written in UTF-8. Choose UTF-8 and send it again, or names would be garbled.")
        )
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        row, value = _row_at(content, error.start), f"{content[error.start]:02X}"
        words: dict[str, int | str] = {"row": row, "byte": error.start + 1, "value": value}
        if encoding == Encoding.WINDOWS:
            sentence = _("Row %(row)d is not Windows-1252: %(value)s, byte %(byte)d of the file.")
        else:
            sentence = _(
                "Row %(row)d is not UTF-8: %(value)s, byte %(byte)d of the file. "
                "If older Excel wrote this file, choose Windows-1252 and send it again."
            )
        raise UnreadableTable(sentence % words) from error


def _is_utf_8(content: bytes) -> bool:
    """True for UTF-8 with letters beyond ASCII. Text in another encoding hardly ever decodes as that."""
    try:
        return not content.isascii() and bool(content.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _row_at(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _counted(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    count = 0
    for count, row in enumerate(rows, start=1):
        if count > IMPORT_ROWS:
            raise UnreadableTable(_("This file has more than %(most)d rows. Please split it.") % {"most": IMPORT_ROWS})
        yield row
    if not count:
        raise UnreadableTable(_("This file has names of columns, and no row below them."))


def _lines(text: str) -> ImportTable:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key="".join(first.split('"')[::2]).count)  # outside quotation marks
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records = _records(reader)
    first_record = next(records, None)
    if first_record is None:
        raise UnreadableTable(_("This file is empty."))
    return ImportTable(_checked(first_record[1]), records)


def _records(reader: Any) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        words = {"row": number + 1, "line": reader.line_num}
        sentence = _("Row %(row)d can't be read (line %(line)d): a quotation mark is missing or too many.")
        raise UnreadableTable(sentence % words) from error


def _checked(header: Sequence[str]) -> list[str]:
    names = [" ".join(name.split())[:LONGEST_NAME] for name in header]
    while names and not names[-1]:
        names.pop()
    if len(names) > IMPORT_COLUMNS:
        words = {"count": len(names), "most": IMPORT_COLUMNS}
        raise UnreadableTable(_("This file has %(count)d columns; at most %(most)d can be read.") % words)
    if strange := next((place for place, name in enumerate(names, start=1) if NO_TEXT.search(name)), 0):
        sentence = _("The name of column %(number)d holds characters that no text has.")
        raise UnreadableTable(sentence % {"number": strange})
    if any("@" in name for name in names) or sum(_is_number(name) for name in names) * 2 > len(names):
        raise UnreadableTable(_("The first line looks like data. It must hold the names of the columns."))
    named = [name.casefold() for name in names if name]
    if len(named) < 2:
        raise UnreadableTable(_("The first line must hold the names of the columns, and only one was found."))
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise UnreadableTable(_("Two columns have the same name: %(names)s.") % {"names": ", ".join(twice)})
    return names


def _is_number(name: str) -> bool:
    try:
        return math.isfinite(float(name))
    except ValueError:
        return False


def _features(text: str) -> ImportTable:
    try:
        loaded = json.loads(text, parse_constant=str)
    except json.JSONDecodeError as error:
        raise UnreadableTable(_("This is not valid GeoJSON: line %(line)d.") % {"line": error.lineno}) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableTable(_("This is not valid GeoJSON.")) from error
    found = loaded.get("features") if isinstance(loaded, dict) else None
    if not isinstance(found, list) or not all(isinstance(feature, dict) for feature in found):
        raise UnreadableTable(_("A GeoJSON file must hold a FeatureCollection."))
    names: dict[str, None] = {}
    for feature in found:
        names.update(dict.fromkeys(_properties(feature)))
        if len(names) > IMPORT_COLUMNS:
            break
    own = [name for name in names if _plain(name) not in (LATITUDE, LONGITUDE)]
    return ImportTable(_checked([*own, LATITUDE, LONGITUDE]), _cells(found, own))


def _cells(features: list[dict[str, Any]], names: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    for number, feature in enumerate(features, start=1):
        values = _properties(feature)
        yield number, [*(_text(values.get(name)) for name in names), *_place(feature)]


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _text(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value)


def _plain(name: str) -> str:
    return name.strip().casefold()


def _place(feature: dict[str, Any]) -> tuple[str, str]:
    """Return latitude and longitude of a feature: of its point, "?" for another geometry, else of its properties."""
    geometry = feature.get("geometry")
    if geometry is None:
        named = {_plain(name): value for name, value in _properties(feature).items()}
        return _text(named.get(LATITUDE)), _text(named.get(LONGITUDE))
    place = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if not isinstance(place, list) or len(place) < 2:
        return "?", "?"
    return _text(place[1]), _text(place[0])
