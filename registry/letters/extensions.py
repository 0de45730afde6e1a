from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages import times
from fusus_portal.ground.tables import Cell
from fusus_portal.ground.worklist import sources
from registry.letters import selectors, services
from registry.letters.models import Letter
from registry.places import hooks
from registry.places.models import Confirmation
from registry.registrants.models import Registrant


def register() -> None:
    sources.register(*SOURCES)
    hooks.registrants.register(
        hooks.Dependent(
            name="letters",
            place_ends=services.end_letters_at,
            place_moves=services.end_letters_at,
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


def batches_to_print(_user: User) -> list[sources.WorkItem]:
    unopened = selectors.unopened()
    first = unopened.first()
    if first is None:
        return []
    number = unopened.count()
    text = ngettext("%(number)d batch of letters", "%(number)d batches of letters", number) % {"number": number}
    url = reverse("letter_batches")
    letters = ngettext("%(number)d letter", "%(number)d letters", first.size) % {"number": first.size}
    where = times.oldest(letters, first.made_at, number)
    act = sources.link_act(_("Print"), url, text)
    return [sources.WorkItem(_("Print"), "warn", text, url, number=number, where=where, act=act)]


SOURCES = (sources.Source(name="letters_to_print", permission=Permission.SEND_LETTERS, find=batches_to_print),)
