from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import TextIO

from django.db import transaction
from django.utils.translation import gettext as _

from audit.log.actors import AT_THE_SERVER, Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.actors import actor_of
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.streets import contents, kept_files, locks, map_files, street_map
from fusus_portal.ground.streets.contents import OnProgress, Report
from fusus_portal.ground.streets.models import CENSUS, Corner, House, Segment, Site, Street, StreetData
from fusus_portal.ground.streets.readers import Source
from fusus_portal.ground.streets.services import corrections
from fusus_portal.ground.streets.states import STREETS, LoadState

TABLES = (Corner.objects, House.objects, Segment.objects, Site.objects, Street.objects)


def load(
    *,
    sources: Sequence[Source],
    dated: date | None = None,
    attribution: str = CENSUS,
    elsewhere: bool = False,
    faults: TextIO | None = None,
    progress: OnProgress = contents.unheard,
    by: Actor = AT_THE_SERVER,
) -> Report:
    """Load files and draw their map as the current load; keep the previous one. Raises Unreadable, all or nothing."""
    with transaction.atomic():
        data = StreetData.objects.create(dated=dated, attribution=attribution, state=LoadState.READY)
        report = contents.fill(data, sources, elsewhere=elsewhere, faults=faults, progress=progress)
        street_map.draw(data, progress=partial(progress, _("The map")))
        _put_in_use(data, by)
    return report


def use(*, data: StreetData, by: User | Actor) -> StreetData:
    with transaction.atomic():
        return _put_in_use(locks.hold_with_used(data.pk)[data.pk], by)


def go_back(*, by: User | Actor = AT_THE_SERVER) -> StreetData:
    with transaction.atomic():
        previous = StreetData.objects.filter(state=LoadState.PREVIOUS).order_by("-pk").first()
        if previous is None:
            raise Stale(_("There is nothing to go back to."))
        return _put_in_use(locks.hold_with_used(previous.pk)[previous.pk], by)


def discard(*, data: StreetData, by: User | Actor) -> StreetData:
    """Mark an unused load as gone; `clear` deletes it."""
    with transaction.atomic():
        return step(locks.hold(data.pk), LoadState.GONE, by)


def clear() -> int:
    """Delete loads that are gone with rows, files and maps, and maps of killed workers; return the number of rows."""
    gone = list(StreetData.objects.filter(state=LoadState.GONE))
    for data in gone:
        kept_files.delete(data.files)
        map_files.delete(data)
    count = sum(rows.filter(data__in=gone).delete()[0] for rows in TABLES) if gone else 0
    StreetData.objects.filter(pk__in=[data.pk for data in gone]).delete()
    map_files.delete_lost()
    return count


def step(data: StreetData, target: LoadState, by: User | Actor) -> StreetData:
    """Take a step of a locked load, with its entry, in the caller's transaction. Raises Refused or Stale."""
    actor = actor_of(by)
    rule = STREETS.check(source=data.state, target=target, role=actor.role, subject=data.subject)
    data.state = target
    data.save(update_fields=["state"])
    record(event=Event(rule.event), actor=actor, subject=data.subject, facts=data.facts)
    return data


def _put_in_use(data: StreetData, by: User | Actor) -> StreetData:
    """Make a locked load current and the current one previous; an unrelated previous one goes."""
    used = {each.state: each for each in locks.hold_with_used(data.pk).values() if each.pk != data.pk}
    if data.state == LoadState.READY and LoadState.PREVIOUS in used:
        step(used[LoadState.PREVIOUS], LoadState.GONE, by)
    if LoadState.CURRENT in used:
        step(used[LoadState.CURRENT], LoadState.PREVIOUS, by)
    corrections.bring_in(data)
    return step(data, LoadState.CURRENT, by)
