from collections.abc import Iterable
from datetime import UTC, datetime

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist.models import WorkNotice
from fusus_portal.ground.worklist.sources import Source, WorkItem, sources

FIRST = datetime.min.replace(tzinfo=UTC)
LATER = datetime.max.replace(tzinfo=UTC)
Key = tuple[str, str, datetime | None, bool]
"""Key of a notice: name of the source, id of the thing, due, is_reminder."""


def waiting_for(person: User) -> list[WorkItem]:
    """Return the items that wait for a person: pinned ones, alarms, then by due time, without one, news, links."""
    found = [item for source in sources if source.is_for(person.role) for item in source.find(person)]
    return sorted(found, key=lambda item: (item.is_door, not item.is_pinned, _turn(item), item.kind == "good"))


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
