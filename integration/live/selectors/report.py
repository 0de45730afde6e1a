"""What the public reads about live view, counted from the log as its public checkpoint holds it (promise B3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db import connection
from django.utils import timezone

from audit.ledger.models import WIDTH, Publication
from audit.log.events import Event
from integration.rules import WATCHED_EVERY

FEWEST_CAMERAS = 5
"""An area with fewer cameras is not named: no single shop or home can be singled out."""

COUNTED = """
WITH public AS (
    SELECT entry FROM audit_leaf WHERE leaf_index < %(size)s
    UNION ALL
    SELECT unnest(CASE WHEN n < %(full)s THEN entries ELSE entries[1:%(rest)s] END)
    FROM audit_bundle WHERE n <= %(full)s AND last >= (SELECT min(id) FROM audit_entry WHERE at >= %(begin)s)
)
SELECT 'area', area, count(*) FILTER (WHERE event = %(watched)s), count(*) FILTER (WHERE event = %(started)s)
FROM audit_entry JOIN public ON id = entry WHERE at >= %(begin)s AND event IN (%(watched)s, %(started)s) GROUP BY area
UNION ALL
SELECT 'incidents', '', count(DISTINCT incident_id), 0
FROM audit_entry JOIN public ON id = entry WHERE at >= %(begin)s AND event = %(started)s
UNION ALL
SELECT 'cameras', area, count(*), 0 FROM (
    SELECT DISTINCT ON (camera_id) camera_id, area, event FROM audit_entry
    WHERE event IN (%(connected)s, %(disconnected)s) AND camera_id IS NOT NULL AND at < %(until)s
    ORDER BY camera_id, id DESC
) AS latest WHERE event = %(connected)s GROUP BY area
"""
"""What was viewed by area, for how many incidents, and how many cameras each area has. One statement, one moment."""


@dataclass(frozen=True, slots=True)
class Head:
    """A public checkpoint: how many entries, its signed note, since when."""

    size: int
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """What was viewed live in a month. seconds: watched. areas: seconds by ZIP code, where enough cameras are.

    size, root: of the checkpoint that it was counted from. until: when that was published.
    """

    month: date
    seconds: int
    views: int
    incidents: int
    areas: Mapping[str, int]
    size: int
    root: str
    until: datetime


def figures(published: Publication | None) -> LiveFigures | None:
    """Return the figures of this month on the agency's clock, None before the log was published for the first time.

    published: what is public now.
    """
    if published is None:
        return None
    return count(Head(published.size, published.note, published.at), timezone.localdate().replace(day=1))


@lru_cache(maxsize=4)
def count(published: Head, month: date) -> LiveFigures:
    """Return the figures of a month, from its first day on, as a checkpoint holds them: it never changes."""
    begin = timezone.make_aware(datetime(month.year, month.month, 1))  # noqa: DTZ001  (made aware here)
    asked: dict[str, str | int | datetime] = {
        "size": published.size,
        "full": published.size // WIDTH,
        "rest": published.size % WIDTH,
        "begin": begin,
        "until": published.at,
        "watched": Event.VIEW_WATCHED.value,
        "started": Event.VIEW_STARTED.value,
        "connected": Event.DEVICE_CAMERA_CONNECTED.value,
        "disconnected": Event.DEVICE_CAMERA_DISCONNECTED.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, asked)
        rows = cursor.fetchall()
    counted = {area: (minutes, views) for what, area, minutes, views in rows if what == "area"}
    cameras = {area: int(number) for what, area, number, _none in rows if what == "cameras"}
    incidents = next(number for what, _area, number, _none in rows if what == "incidents")
    minute = int(WATCHED_EVERY.total_seconds())
    seconds = {area: minutes * minute for area, (minutes, _views) in counted.items()}
    return LiveFigures(
        month=month,
        seconds=sum(seconds.values()),
        views=sum(views for _minutes, views in counted.values()),
        incidents=int(incidents),
        areas={area: seconds.get(area, 0) for area in named(cameras, {*seconds})},
        size=published.size,
        root=published.note.splitlines()[2],
        until=published.at,
    )


def named(cameras: Mapping[str, int], watched: "set[str] | frozenset[str]" = frozenset()) -> list[str]:
    """Return the areas that can be named. cameras: how many each has.

    Those that are not named have enough cameras together as well, or the rest of the sum would be one small area's.
    """
    all_of = {**dict.fromkeys(watched, 0), **cameras}
    found = sorted((area for area, number in all_of.items() if number >= FEWEST_CAMERAS), key=lambda a: all_of[a])
    hidden = [area for area in all_of if area not in found]
    while found and hidden and sum(all_of[area] for area in hidden) < FEWEST_CAMERAS:
        hidden.append(found.pop(0))
    return sorted(found)
