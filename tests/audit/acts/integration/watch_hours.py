"""Acts of the task that looks at how live view is used."""

from uuid import uuid4

from django.utils import timezone

from audit.log.events import Event
from integration.watch_hours import services
from integration.watch_hours.models import WatchedDay
from tests.audit.acts import Act, calls


@calls(services.flag, Event.WATCH_FLAGGED)
def flag() -> Act:
    """A camera was viewed for nine hours."""
    WatchedDay.objects.create(
        day=timezone.localdate(),
        camera=uuid4(),
        premises_kind="business",
        zip_code="35203",
        deputy="Deputy K7Q2",
        seconds=9 * 3600,
    )
    return services.flag
