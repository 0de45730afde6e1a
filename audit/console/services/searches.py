"""Opens and searches the log. The entry of each act is committed before anything is shown."""

from dataclasses import dataclass

from django.db import transaction

from audit.console.search.query import Wanted
from audit.console.search.steps import Way, walk
from audit.console.search.timeline import Timeline, timeline
from audit.log.actors import Actor, Subject
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record

PAGE = 50
SECONDS = 1.0
"""Most seconds of a page's search; then it says how far it came."""

LOG = Subject("log", "all")


@dataclass(frozen=True, slots=True)
class LogPosition:
    """The beginning of a page of results. before: below this id. after: above this id, instead of `before`."""

    before: int | None = None
    after: int | None = None

    @property
    def is_first(self) -> bool:
        return self.before is None and self.after is None


@dataclass(frozen=True, slots=True)
class Page:
    """One page, newest first, with the ids at which its neighbors begin. looked_to: where the walk ran out of time."""

    entries: list[AuditEntry]
    older: int | None
    newer: int | None
    looked_to: int | None
    timeline: Timeline | None


def search(*, wanted: Wanted, by: Actor, place: LogPosition) -> Page:
    """Return one page of results, the first with its timeline. The log keeps the search like a typed reason."""
    event = Event.LOG_OPENED if wanted.is_everything else Event.LOG_SEARCHED
    with transaction.atomic():
        facts = {"before": place.before or 0, "after": place.after or 0}
        record(event=event, actor=by, subject=LOG, reason=wanted.said(), facts=facts)
    newest_first = place.after is None
    start = place.before if newest_first else place.after
    found = walk(wanted, Way(most=PAGE, seconds=SECONDS, newest_first=newest_first, start=start))
    drawn = timeline(wanted, found) if place.is_first else None
    looked_to = None if found.is_full else found.go_on
    if newest_first:
        newer = place.before - 1 if place.before is not None else None
        return Page(found.entries, older=found.go_on, newer=newer, looked_to=looked_to, timeline=drawn)
    older = found.entries[0].pk if found.entries else None
    return Page(found.entries[::-1], older=older, newer=found.go_on, looked_to=looked_to, timeline=drawn)
