"""Address points as CSV."""

import csv
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from .points import Columns
from .rows import ADDRESSES, BadRow, HouseRow, OnBadRow, Readable, Source, Unreadable


def source(path: Readable, columns: Mapping[str, str] | None) -> Source:
    """Open a CSV file whose first line names the columns. Raises Unreadable."""
    with path.open("r", encoding="utf-8-sig", newline="") as file:
        names = next(csv.reader(file), None)
    if not names:
        raise Unreadable(_("%(name)s is empty.") % {"name": path.name})
    read = Columns(names, given=columns).whole_rows()
    width = len(names)

    def rows(on_bad: OnBadRow) -> Iterator[HouseRow]:
        with path.open("r", encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            next(lines)
            for number, values in enumerate(lines, 2):
                try:
                    if len(values) != width:
                        told = {"number": len(values), "first": width}
                        raise BadRow(_("The row has %(number)d columns, and the first one has %(first)d.") % told)
                    yield read(values)
                except BadRow as bad:
                    on_bad(number, str(bad))

    return Source(path.name, ADDRESSES, None, rows)
