"""What one person may search and see around incidents that no second person has verified (CJIS AC-5)."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import Refused
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.models.unverified_searches import UnverifiedSearch
from registry.canvasses.states import CanvassState
from registry.incidents.models.incidents import Incident
from registry.limits.models import Limits
from registry.rules import UNVERIFIED_CANVASSES, UNVERIFIED_OWNERS, UNVERIFIED_REDRAWINGS


class BeyondOnePerson(Refused):
    """More than one person may see without a second person's word. Auditors are told."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What counts for one person's canvass of an incident.

    searched: other incidents that they searched today. owners: whom they were shown this week. here: whom anybody was
    shown around this incident.
    """

    searched: int
    owners: frozenset[UUID]
    here: frozenset[UUID]


def may_search(incident: Incident) -> None:
    """Raise Refused for a second search, sent or not, of an incident that nobody has verified."""
    if incident.is_verified or Canvass.objects.filter(incident=incident).count() < UNVERIFIED_CANVASSES:
        return
    sentence = _("A supervisor must verify this incident before another area is searched.")
    raise Refused(sentence, subject=incident.subject)


def redraws_left(incident: Incident) -> int | None:
    """Return how often the canvass of an incident may still be drawn anew; None where a second person verified it."""
    if incident.is_verified:
        return None
    return max(0, UNVERIFIED_REDRAWINGS + 1 - UnverifiedSearch.objects.filter(incident=incident).count())


def may_redraw(incident: Incident) -> None:
    """Raise Refused for a canvass that was redrawn often enough, as long as nobody has verified its incident."""
    if redraws_left(incident) != 0:
        return
    sentence = _("A supervisor must verify this incident before its canvass is drawn more than %(limit)d times anew.")
    raise Refused(sentence % {"limit": UNVERIFIED_REDRAWINGS}, subject=incident.subject)


def beyond_one_person(seen: Seen, owners: AbstractSet[UUID], limits: Limits) -> bool:
    """Return whether a search is more than one person does without another's word. owners: in its area."""
    too_many = len(seen.owners | owners) > limits.unverified_owners_a_week
    return seen.searched >= limits.unverified_incidents_a_day or too_many


def may_show(canvass: Canvass, seen: Seen, owners: AbstractSet[UUID]) -> None:
    """Raise Refused for more owners than an unverified incident allows. owners: whom the canvass shows or asks."""
    if len(seen.here | owners) > UNVERIFIED_OWNERS:
        sentence = _("A supervisor must verify this incident before more than %(limit)d owners are asked.")
        raise Refused(sentence % {"limit": UNVERIFIED_OWNERS}, subject=canvass.subject)


def may_see(canvass: Canvass, seen: Seen, owners: AbstractSet[UUID], limits: Limits) -> None:
    """Raise BeyondOnePerson for more owners than one person is shown in a week; a supervisor's approval allows it."""
    is_approved = canvass.beyond_limits and canvass.state in {CanvassState.APPROVED, CanvassState.SENT}
    if not is_approved and len(seen.owners | owners) > limits.unverified_owners_a_week:
        sentence = _(
            "You have seen as many homes this week as one person sees around incidents that nobody has verified. "
            "A supervisor must verify this incident first."
        )
        raise BeyondOnePerson(sentence, subject=canvass.subject)
