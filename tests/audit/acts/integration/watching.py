"""Acts of the wall of live views, and about live video that has no room."""

from audit.log.events import Event
from integration.live.services import offers, views
from integration.sharing import services as sharing
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.integration.critical import scenes
from tests.integration.critical.scenes import NETWORK, REASON, SESSION
from tests.integration.live.streaming import scene


@calls(views.end_newest, Event.VIEW_ENDED)
def end_newest() -> Act:
    """The memory of live video is full."""
    scene().begin()
    return views.end_newest


@calls(views.start_wall, Event.VIEW_STARTED)
def start_several() -> Act:
    """A deputy begins to see what was ticked."""
    made = scenes.scene()
    return lambda: views.start_wall(
        incident=made.incident,
        cameras=[made.camera],
        by=made.deputy,
        reason=REASON,
        network=NETWORK,
        session=SESSION,
    )


@calls(offers.begin_again, Event.VIEW_STARTED)
def begin_again() -> Act:
    """And begins again what has ended."""
    made = scenes.scene()
    ended = views.end(grant=made.view(), by=made.deputy)
    return lambda: offers.begin_again(grant=ended, by=made.deputy, network=NETWORK, session=SESSION)


@calls(offers.shared_again, Event.VIEW_OFFERED)
def ask_for_what_was_paused() -> Act:
    """The page of a view that a pause ended asks whether the owner shares the camera again."""
    made = scenes.scene()
    view = made.view()
    sharing.pause_sharing(registrant=made.registrant, by=made.owner)
    sharing.resume_sharing(registrant=made.registrant, by=made.owner)
    return lambda: offers.shared_again(incident=made.incident, ended=[view.pk], by=made.deputy)


@calls(offers.show_running, Event.VIEW_OFFERED)
def show_running() -> Act:
    """A supervisor reads who views which camera."""
    scenes.scene().view()
    supervisor = person("supervisor")
    return lambda: offers.show_running(by=supervisor)
