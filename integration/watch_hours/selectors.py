from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from audit.log.events import Event
from integration.cores.models import DeviceCamera
from integration.rules import WATCHED_EVERY
from integration.watch_hours.models import WatchedDay, WatchFlag
from integration.watch_hours.policies import Area, Watched, summed

DIFFERING = """
WITH logged AS (
    SELECT (at AT TIME ZONE %(zone)s)::date AS day, camera_id::text AS camera, premises_type AS kind, area AS zip_code,
        actor_pseudonym AS deputy, count(*) * %(minute)s AS seconds
    FROM audit_entry WHERE event = %(event)s AND at >= %(begin)s AND camera_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5
), kept AS (
    SELECT day, camera::text, premises_kind AS kind, zip_code, deputy, seconds::bigint
    FROM integration_watchedday WHERE day >= %(first)s
)
SELECT day, camera, deputy, coalesce(kept.seconds, 0), coalesce(logged.seconds, 0)
FROM kept FULL JOIN logged USING (day, camera, kind, zip_code, deputy)
WHERE kept.seconds IS DISTINCT FROM logged.seconds ORDER BY day, camera, deputy
"""


def days(first: date, last: date) -> QuerySet[WatchedDay]:
    return WatchedDay.objects.filter(day__gte=first, day__lte=last)


def flags(first: date, last: date) -> QuerySet[WatchFlag]:
    monday = first - timedelta(days=first.weekday())
    return WatchFlag.objects.filter(week__gte=monday, week__lte=last).order_by("-flagged_at", "key")


def watched(first: date, last: date) -> list[Watched]:
    rows = days(first, last).values_list("camera", "premises_kind", "zip_code").annotate(total=Sum("seconds"))
    return [Watched(str(camera), Area(kind, zip_code), total) for camera, kind, zip_code, total in rows.order_by()]


def connected() -> dict[Area, int]:
    rows = DeviceCamera.objects.filter(removed_at__isnull=True, camera__removed_at__isnull=True)
    counted = rows.values_list("camera__premises__kind", "camera__premises__zip_code").annotate(number=Count("pk"))
    return summed((Area(kind, zip_code[:5]), number) for kind, zip_code, number in counted.order_by())


def differing(first: date) -> list[tuple[date, str, str, int, int]]:
    """Return sums since a day that differ from the log, read at once: day, camera, deputy, kept and logged seconds."""
    zone = timezone.get_current_timezone()
    begin = datetime.combine(first, time.min, tzinfo=zone)
    minute = int(WATCHED_EVERY.total_seconds())
    asked: dict[str, str | int | datetime | date] = {
        "zone": str(zone),
        "event": Event.VIEW_WATCHED.value,
        "begin": begin,
        "first": first,
        "minute": minute,
    }
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING, asked)
        found: list[tuple[date, str, str, int, int]] = cursor.fetchall()
        return found
