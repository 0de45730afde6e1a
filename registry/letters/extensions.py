"""What letters add: they end with their place, they are of a person's own data, and clerks are told of a batch."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.tables.archive import Cell
from registry import hooks
from registry.hooks import Dependent, Panels, WaitingWork
from registry.letters import selectors
from registry.letters.models import Letter
from registry.letters.services import letters
from registry.people.models import Registrant
from registry.places.models import Confirmation


def register() -> None:
    """Add them."""
    hooks.registrants.register(
        Dependent(
            name="letters",
            place_ends=letters.end_at,
            place_moves=letters.end_at,
            tables={"letters": letters_table, "confirmations": confirmations_table},
        )
    )
    hooks.panels.register(Panels(name="letters", work=batches_to_open))


def letters_table(registrant: Registrant) -> Sequence[Mapping[str, Cell]]:
    """Return the letters to a person's places."""
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
    """Return what confirmed a person's places, from when to when."""
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


def batches_to_open(user: User) -> Sequence[WaitingWork]:
    """Return the batches that wait for a clerk."""
    if not has(user.role, Permission.SEND_LETTERS):
        return ()
    number = selectors.unopened().count()
    if not number:
        return ()
    text = ngettext("%(number)d batch of letters", "%(number)d batches of letters", number) % {"number": number}
    return [WaitingWork(gettext_lazy("Print"), "warn", text, reverse("letter_batches"))]
