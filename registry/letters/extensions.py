from collections.abc import Mapping, Sequence

from fusus_portal.ground.tables.archive import Cell
from fusus_portal.ground.worklist import sources
from registry import hooks
from registry.hooks import Dependent
from registry.letters import worklist
from registry.letters.models import Letter
from registry.letters.services import letters
from registry.people.models import Registrant
from registry.places.models import Confirmation


def register() -> None:
    sources.register(*worklist.SOURCES)
    hooks.registrants.register(
        Dependent(
            name="letters",
            place_ends=letters.end_at,
            place_moves=letters.end_at,
            tables={"letters": letters_table, "confirmations": confirmations_table},
        )
    )


def letters_table(registrant: Registrant) -> Sequence[Mapping[str, Cell]]:
    rows = Letter.objects.filter(premises__registrant=registrant).select_related("premises").order_by("asked_at")
    return [
        {
            "place": str(letter.premises.pk),
            "state": letter.state,
            "asked_at": letter.asked_at.isoformat(),
            "printed_at": letter.printed_at.isoformat() if letter.printed_at else "",
            "tries": letter.tries,
        }
        for letter in rows
    ]


def confirmations_table(registrant: Registrant) -> Sequence[Mapping[str, Cell]]:
    rows = Confirmation.objects.filter(premises__registrant=registrant).order_by("confirmed_at")
    return [
        {
            "place": str(row.premises_id),
            "way": row.way,
            "latitude": row.latitude,
            "longitude": row.longitude,
            "precision": row.precision,
            "confirmed_at": row.confirmed_at.isoformat(),
            "ended_at": row.ended_at.isoformat() if row.ended_at else "",
        }
        for row in rows
    ]
