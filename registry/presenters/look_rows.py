"""The list of who looked as rows of a table, for files. Names of columns are English in every language."""

from collections.abc import Iterable

from registry.archive import Cell
from registry.presenters.looks import Look

COLUMNS = ("at", "who", "what", "lasted", "incident", "offense", "reason", "camera", "camera_id", "entry", "open")


def look_rows(looks: Iterable[Look]) -> list[dict[str, Cell]]:
    """Return a row for each look, times in ISO 8601. open: 0 where what the entry says can be read only later."""
    return [dict(zip(COLUMNS, _cells(look), strict=True)) for look in looks]


def _cells(look: Look) -> tuple[Cell, ...]:
    at = look.at.isoformat()
    said = (look.who, look.sentence, look.lasted, look.incident, look.offence, look.reason)
    return (at, *said, look.camera, look.camera_id, look.number, int(look.is_open))
