import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TextIO

from django.utils.translation import gettext as _

from .points import Columns
from .rows import ADDRESSES, BadRow, HouseRow, OnBadRow, Readable, Source, Unreadable, check_names, shown

LONGEST_ROW: Final = 100_000
"""Letters of a row over all its lines; those of counties have some hundred."""


def source(path: Readable, columns: Mapping[str, str] | None) -> Source:
    """Open a CSV file whose first line names the columns. Raises Unreadable."""
    with _opened(path) as file:
        names = next(_Table(file, path.name).rows(_unheard), None)
    if not names:
        raise Unreadable(_("%(name)s is empty.") % {"name": shown(path.name)})
    check_names(names, path.name)
    read = Columns(names, given=columns).whole_rows()
    width = len(names)

    def rows(on_bad: OnBadRow) -> Iterator[HouseRow]:
        with _opened(path) as file:
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
    """Rows of an open CSV file, within LONGEST_ROW. number: the line on which a row begins."""

    def __init__(self, file: TextIO, name: str) -> None:
        self.file, self.name = file, shown(name)
        self.number, self.letters, self.is_over = 1, 0, False

    def rows(self, on_bad: OnBadRow) -> Iterator[Sequence[str]]:
        """Yield the values of rows; skip rows with unmatched quotation marks. Raises Unreadable."""
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


def _opened(path: Readable) -> TextIO:
    return path.open("r", encoding="utf-8-sig", errors="surrogateescape", newline="")


def _unheard(number: int, why: str) -> None:
    """Ignore a skipped row."""
