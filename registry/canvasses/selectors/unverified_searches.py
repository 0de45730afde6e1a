from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from registry.canvasses.models.unverified_searches import Bound, UnverifiedSearch, UnverifiedSight
from registry.canvasses.policies.unverified_searches import Seen
from registry.incidents.models.incidents import VERIFIED, Incident
from registry.rules import UNVERIFIED_DAY, UNVERIFIED_WEEK


def seen(*, incident: Incident, by: User) -> Seen:
    """Return a person's searches and sights up to now. Incidents verified since do not count."""
    now, unverified = timezone.now(), Incident.objects.exclude(VERIFIED)
    within = UnverifiedSearch.objects.filter(by=by, bound=Bound.NONE, incident__in=unverified)
    searches = within.filter(at__gt=now - UNVERIFIED_DAY)
    searched = searches.exclude(incident=incident).values("incident").distinct().count()
    sights = UnverifiedSight.objects.filter(by=by, at__gt=now - UNVERIFIED_WEEK, incident__in=unverified)
    here = UnverifiedSight.objects.filter(incident=incident)
    owners, shown = (frozenset(rows.values_list("registrant_id", flat=True)) for rows in (sights, here))
    return Seen(searched, owners, shown)
