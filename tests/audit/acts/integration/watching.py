"""Acts about live video that has no room."""

from audit.log.events import Event
from integration.live.services import views
from tests.audit.acts import Act, calls
from tests.integration.live.streaming import scene


@calls(views.end_newest, Event.VIEW_ENDED)
def end_newest() -> Act:
    """The memory of live video is full."""
    scene().begin()
    return views.end_newest
