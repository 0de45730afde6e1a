"""How much one person has searched and seen without a second person's word. What was verified since does not count."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from fusus_portal.accounts.models import User
from registry.models import Incident, UnverifiedSearch, UnverifiedSight
from registry.models.incidents import VERIFIED
from registry.rules import UNVERIFIED_DAY, UNVERIFIED_WEEK


@dataclass(frozen=True, slots=True)
class Seen:
    """What counts for one person's canvass of an incident.

    searched: other incidents that they searched today. owners: whom they were shown this week. here: whom anybody was
    shown around this incident.
    """

    searched: int
    owners: frozenset[UUID]
    here: frozenset[UUID]


def seen(*, incident: Incident, by: User) -> Seen:
    """Return what a person has searched and seen up to now."""
    now, unverified = timezone.now(), Incident.objects.exclude(VERIFIED)
    searches = UnverifiedSearch.objects.filter(by=by, at__gt=now - UNVERIFIED_DAY, incident__in=unverified)
    searched = searches.exclude(incident=incident).values("incident").distinct().count()
    sights = UnverifiedSight.objects.filter(by=by, at__gt=now - UNVERIFIED_WEEK, incident__in=unverified)
    here = UnverifiedSight.objects.filter(incident=incident)
    owners, shown = (frozenset(rows.values_list("registrant_id", flat=True)) for rows in (sights, here))
    return Seen(searched, owners, shown)


def drawings(incident: Incident) -> int:
    """Return how often a canvass was drawn for an incident while it was not verified."""
    return UnverifiedSearch.objects.filter(incident=incident).count()
