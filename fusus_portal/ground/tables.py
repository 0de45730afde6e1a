"""Tables as CSV and JSON in a ZIP file, safe to open in spreadsheets."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

FULL_WIDTH = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", *FULL_WIDTH)
"""Beginnings that a spreadsheet may run (OWASP, CSV injection), including full-width signs."""


def harmless(cell: str | float) -> str | int | float:
    """Return a cell that no spreadsheet runs: a text like a formula gets an apostrophe; `unharmed` takes it off."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA) else cell


def unharmed(text: str) -> str:
    """Return a text as it was before `harmless`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


Cell = str | int | float
Rows = Iterable[Mapping[str, Cell]]
Tables = Mapping[str, Rows]
"""Rows of tables by name. Rows of one table have the same columns; they are iterated once for each file."""

BYTE_ORDER_MARK = "\ufeff"
"""Tells spreadsheets that a CSV is UTF-8."""


def write_zip(file: BinaryIO, tables: Tables, files: Iterable[tuple[str, bytes]] = ()) -> None:
    """Write a ZIP file of data.json, a CSV for each table, and further files by name. Holds one row at a time."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        _write(archive, "data.json", _json(tables))
        for name, rows in tables.items():
            _write(archive, f"{name}.csv", chain([BYTE_ORDER_MARK], csv_lines(rows)))
        for name, content in files:
            archive.writestr(name, content)


def as_csv(rows: Rows) -> str:
    """Return rows as CSV (RFC 4180) with a header, or "" for no rows."""
    return "".join(csv_lines(rows))


def csv_lines(rows: Rows) -> Iterator[str]:
    text = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(text, fieldnames=list(row))
            writer.writeheader()
        writer.writerow({column: harmless(cell) for column, cell in row.items()})
        yield text.getvalue()
        text.seek(0)
        text.truncate()


def _write(archive: ZipFile, name: str, pieces: Iterable[str]) -> None:
    with archive.open(name, "w", force_zip64=True) as entry:
        for piece in pieces:
            entry.write(piece.encode())


def _json(tables: Tables) -> Iterator[str]:
    """Yield the pieces of a JSON object: a list for each table, a line for each row."""
    comma = ""
    yield "{"
    for name, rows in tables.items():
        yield f"{comma}\n{json.dumps(name)}: ["
        comma = ""
        for row in rows:
            yield f"{comma}\n  {json.dumps(row, ensure_ascii=False)}"
            comma = ","
        yield "\n]"
        comma = ","
    yield "\n}\n"
