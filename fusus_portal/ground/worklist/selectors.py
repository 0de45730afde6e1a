from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Max

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist.models import WorkNotice, WorkSeen
from fusus_portal.ground.worklist.sources import Source, WorkItem, sources

FIRST = datetime.min.replace(tzinfo=UTC)
LATER = datetime.max.replace(tzinfo=UTC)
Key = tuple[str, str, datetime | None, bool]
"""Key of a notice: name of the source, id of the thing, due, is_reminder."""


def waiting_for(person: User) -> list[WorkItem]:
    """Return the items that wait for a person: pinned ones, alarms, then by due time, without one, news, links."""
    found = [
        replace(item, source=source.name)
        for source in sources
        if source.is_for(person.role)
        for item in source.find(person)
    ]
    read = _read_among((item for item in found if item.is_news), person)
    waiting = [item for item in found if not item.is_news or item.key not in read]
    return sorted(waiting, key=lambda item: (item.is_door, not item.is_pinned, _turn(item), item.kind == "good"))


def waiting_row(person: User, key: UUID) -> WorkItem | None:
    """Return the item of a row if it still waits for this person, or None."""
    return next((item for item in waiting_for(person) if item.key == key), None)


def new_among(items: Iterable[WorkItem], person: User, *, since: datetime | None = None) -> set[UUID]:
    """Return the keys of the items that are new to a person. since: what they first saw later is still new."""
    keys = {item.key for item in items}
    seen = person.work_seen.filter(key__in=keys)
    return keys - set((seen if since is None else seen.filter(seen_at__lte=since)).values_list("key", flat=True))


def last_look(person: User) -> datetime:
    """Return when a person last saw a new row, or the beginning of 1970."""
    return person.work_seen.aggregate(last=Max("seen_at"))["last"] or datetime.fromtimestamp(0, UTC)


def _read_among(news: Iterable[WorkItem], person: User) -> set[UUID]:
    keys = [item.key for item in news]
    opened = WorkSeen.objects.filter(person=person, key__in=keys, opened_at__isnull=False)
    return set(opened.values_list("key", flat=True)) if keys else set()


def telling() -> list[Source]:
    return [source for source in sources if source.telling is not None and source.telling.waits()]


def untold(person: User, asked: Iterable[Source], now: datetime) -> list[tuple[Key, WorkItem]]:
    found = [
        ((source.name, item.about.id, item.due, _is_soon(source, item, now)), item)
        for source in asked
        if source.is_for(person.role)
        for item in source.find(person)
        if item.about is not None and _is_told_now(source, item, now)
    ]
    if not found:
        return []
    rows = WorkNotice.objects.filter(person=person, subject_id__in={key[1] for key, _item in found})
    told = set(rows.values_list("source", "subject_id", "due", "is_reminder"))
    return [each for each in found if each[0] not in told]


def _turn(item: WorkItem) -> datetime:
    return item.due or (FIRST if item.kind == "bad" else LATER)


def _is_soon(source: Source, item: WorkItem, now: datetime) -> bool:
    before = source.telling.before if source.telling else None
    return before is not None and item.due is not None and item.due - before <= now


def _is_told_now(source: Source, item: WorkItem, now: datetime) -> bool:
    """True if it is time to notify a person of an item, and not too late."""
    if source.telling is None or (item.due is not None and item.due <= now):
        return False
    return source.telling.at_once or _is_soon(source, item, now)
