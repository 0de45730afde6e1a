from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit.ledger import alarms
from audit.ledger.alarms import AlarmKind
from fusus_portal.ground.accounts.models import User
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.models.unverified_searches import Bound, UnverifiedSearch, UnverifiedSight
from registry.canvasses.policies import unverified_searches as unverified_search_policies
from registry.canvasses.selectors import unverified_searches as unverified_search_selectors
from registry.incidents.models.incidents import Incident
from registry.limits.models import Limits
from registry.rules import UNVERIFIED_WEEK


def hold(incident: Incident, by: User) -> None:
    """Lock a person's row, before the incident's: searches and looks in several windows run one by one."""
    if not incident.is_verified:
        User.objects.select_for_update(no_key=True).get(pk=by.pk)


def count_search(canvass: Canvass, by: User, owners: AbstractSet[UUID]) -> bool:
    """Count a drawing of a locked canvass; True if it exceeds one person's limits, which is flagged."""
    incident = canvass.incident
    if incident.is_verified:
        return False
    seen = unverified_search_selectors.seen(incident=incident, by=by)
    bound = unverified_search_policies.bound_of(seen, owners, Limits.current())
    UnverifiedSearch.objects.create(incident=incident, by=by, bound=bound)
    if bound:
        _flag(by)
    return bool(bound)


def must_fit(canvass: Canvass, by: User, owners: AbstractSet[UUID]) -> None:
    seen = unverified_search_selectors.seen(incident=canvass.incident, by=by)
    unverified_search_policies.must_fit(canvass, seen, owners)


def count_refused(canvass: Canvass, by: User) -> None:
    """Count a refused redrawing, so that nobody finds out the number of owners by trying."""
    UnverifiedSearch.objects.create(incident=canvass.incident, by=by, bound=Bound.WIDE)


def may_see(canvass: Canvass, by: User, owners: AbstractSet[UUID]) -> None:
    """Raise Refused for more owners than an unverified incident may show, or this person in a week, and flag that."""
    if canvass.incident.is_verified:
        return
    seen = unverified_search_selectors.seen(incident=canvass.incident, by=by)
    unverified_search_policies.may_show(canvass, seen, owners)
    try:
        unverified_search_policies.may_see(canvass, seen, owners, Limits.current())
    except unverified_search_policies.BeyondOnePerson:
        _flag(by)
        raise


@contextmanager
def flagged(by: User) -> Iterator[None]:
    """Keep the flag of a refused act, whose transaction is undone. Use it around the transaction."""
    try:
        yield
    except unverified_search_policies.BeyondOnePerson:
        with transaction.atomic():
            _flag(by)
        raise


def note_sights(incident: Incident, by: User, owners: Iterable[UUID]) -> None:
    """Record whose address a person was shown, and delete rows older than a week."""
    if incident.is_verified:
        return
    now = timezone.now()
    UnverifiedSight.objects.filter(by=by, at__lte=now - UNVERIFIED_WEEK).delete()
    UnverifiedSight.objects.bulk_create(
        [UnverifiedSight(incident=incident, by=by, registrant_id=owner, at=now) for owner in sorted(owners)],
        update_conflicts=True,
        unique_fields=["by", "incident", "registrant"],
        update_fields=["at"],
    )


def _flag(by: User) -> None:
    """Raise the alarm that auditors settle, once for a person and day."""
    what = f"{by.pseudonym} searched more without a second person's word than one person may, {timezone.localdate()}."
    alarms.raise_alarm(kind=AlarmKind.HOMES_SEARCHED, what=what)
