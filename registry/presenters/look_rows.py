"""The list of who looked as rows of a table, for files. Names of columns are English in every language."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db.models import QuerySet

from audit.models import AuditEntry
from registry.archive import Cell
from registry.models import Camera, Registrant
from registry.presenters.looks import Look, looks_of
from registry.selectors.delays import withheld_from

A_PIECE = 1000
COLUMNS = ("at", "who", "what", "lasted", "incident", "offense", "reason", "camera", "camera_id", "entry", "open")


def rows_of(
    entries: QuerySet[AuditEntry], *, cameras: Sequence[Camera], registrant: Registrant
) -> Iterator[dict[str, Cell]]:
    """Yield a row for each entry, as its owner reads it; of a busy street there may be a million.

    They are read in pieces, and what is withheld is asked again for each, since it may change meanwhile.
    """
    found = entries.iterator(chunk_size=A_PIECE)
    while piece := list(islice(found, A_PIECE)):
        withheld = withheld_from(registrant)
        yield from look_rows(looks_of(piece, cameras=cameras, reader=registrant.user, withheld=withheld))


def look_rows(looks: Iterable[Look]) -> list[dict[str, Cell]]:
    """Return a row for each look, times in ISO 8601. open: 0 where what the entry says can be read only later."""
    return [dict(zip(COLUMNS, _cells(look), strict=True)) for look in looks]


def _cells(look: Look) -> tuple[Cell, ...]:
    at = look.at.isoformat()
    said = (look.who, look.sentence, look.lasted, look.incident, look.offence, look.reason)
    return (at, *said, look.camera, look.camera_id, look.number, int(look.is_open))
