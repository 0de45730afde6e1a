"""Tables as one ZIP file: data.json for programs, a CSV for each table for people."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from zipfile import ZIP_DEFLATED, ZipFile

Cell = str | int | float
Tables = Mapping[str, Sequence[Mapping[str, Cell]]]

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet may run a cell that begins like this (OWASP, CSV injection)."""

BYTE_ORDER_MARK = "\ufeff"
"""By this spreadsheets see that a CSV is UTF-8."""


def zipped(tables: Tables, files: Mapping[str, bytes] | None = None) -> bytes:
    """Return a ZIP with data.json, a CSV for each table, and files by name; rows of one table have the same columns."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(tables, ensure_ascii=False, indent=2))
        for name, rows in tables.items():
            archive.writestr(f"{name}.csv", BYTE_ORDER_MARK + as_csv(rows))
        for name, content in (files or {}).items():
            archive.writestr(name, content)
    return file.getvalue()


def as_csv(rows: Sequence[Mapping[str, Cell]]) -> str:
    """Return rows as CSV (RFC 4180) with a line of column names, or nothing for no rows."""
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows({column: harmless(cell) for column, cell in row.items()} for row in rows)
    return text.getvalue()


def harmless(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet runs: text that begins like a formula gets an apostrophe. Numbers stay.

    So does text that would look as if it had got one: `unharmed` gives back the very same text.
    """
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA) else cell


def unharmed(text: str) -> str:
    """Return a text of a table as it was before `harmless`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text
