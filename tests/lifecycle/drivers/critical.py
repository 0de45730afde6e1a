"""Steps of declarations and of live views."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from audit.log.actors import AT_THE_SERVER
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts
from integration.cores.services import cores
from integration.critical import services as critical
from integration.critical.states import DECLARATION, DeclarationState as State
from integration.live.models import ViewGrant
from integration.live.services import views
from integration.live.states import GRANT, GrantState as View
from integration.live.video.connection import live
from integration.sharing import services as sharing
from registry.incidents.services import incidents
from registry.places.services import cameras
from tests.factories import person
from tests.integration.critical.from_dispatch import Dispatched
from tests.integration.critical.scenes import REASON, THIRD, Scene, scene
from tests.lifecycle.drivers import Taken, drives, take

LARGE_M = 900.0
OFFICE = ("deputy", "supervisor")
WITHIN_LIMITS = 300.0


def dispatched() -> tuple[Scene, Dispatched]:
    """Return a scene whose incident dispatch sent."""
    made, dispatch = scene(critical=False), Dispatched()
    made.incident = dispatch.opens()
    incidents.assign(incident=made.incident, user=made.deputy, by=made.supervisor)
    return made, dispatch


@drives(DECLARATION, State.PROPOSED, State.IN_FORCE, *OFFICE)
def seconded(role: str) -> Taken:
    """Another supervisor confirms a large circle; a deputy who works on it breaks the glass."""
    made = scene(critical=False)
    if role == "supervisor":
        waits = made.declare(radius_m=LARGE_M)
        return take(waits, lambda: critical.second_declaration(declaration=waits, by=person(role)))
    asked = critical.ask_for_glass(incident=made.incident, by=made.deputy, reason=REASON)
    other = made.colleague()
    return take(asked, lambda: critical.break_glass(declaration=asked, by=other))


@drives(DECLARATION, State.PROPOSED, State.ENDED, *OFFICE, "task", "dispatch")
def dropped(role: str) -> Taken:
    """Nobody confirms a declaration: somebody drops it, half an hour passes, or the incident is another by then."""
    made, dispatch = dispatched()
    if role == "deputy":
        asked = critical.ask_for_glass(incident=made.incident, by=made.deputy, reason=REASON)
        return take(asked, lambda: critical.decline_declaration(declaration=asked, by=made.deputy))
    waits = made.declare(radius_m=LARGE_M)
    if role == "supervisor":
        return take(waits, lambda: critical.decline_declaration(declaration=waits, by=person(role)))
    return take(waits, dispatch.moves if role == "dispatch" else lambda: after(timedelta(minutes=31)))


@drives(DECLARATION, State.IN_FORCE, State.ENDED, *OFFICE, "task", "dispatch")
def ended(role: str) -> Taken:
    """Somebody ends a declaration, its time is over, or the incident is another by then."""
    made, dispatch = dispatched()
    declared = made.declare(radius_m=WITHIN_LIMITS)
    if role in OFFICE:
        by = made.deputy if role == "deputy" else person(role)
        return take(declared, lambda: critical.end_declaration(declaration=declared, by=by))
    return take(declared, dispatch.moves if role == "dispatch" else lambda: after(timedelta(hours=5)))


def after(span: timedelta) -> None:
    """Run the task that ends declarations, so much later."""
    with time_machine.travel(timezone.now() + span, tick=False):
        critical.end_due_declarations()


@drives(GRANT, View.RUNNING, View.ENDED, *OFFICE)
def stopped(role: str) -> Taken:
    """The viewer ends a view, or a supervisor does."""
    made = scene()
    view = made.view()
    if role == "deputy":
        return take(view, lambda: views.end(grant=view, by=made.deputy))
    return take(view, lambda: views.stop(grant=view, by=made.supervisor, reason=THIRD))


@drives(GRANT, View.RUNNING, View.ENDED, "task")
def swept(role: str) -> Taken:
    """The page of a view is gone."""
    view = scene().view()
    live().flushdb()
    return take(view, views.sweep)


@drives(GRANT, View.RUNNING, View.ENDED, "business", "resident")
def paused(role: str) -> Taken:
    """The owner pauses everything, or the camera in the registry, whatever the account is called by then."""
    made = scene()
    view, owner = made.view(), made.owner
    if role == "business":
        return take(view, lambda: sharing.pause_sharing(registrant=made.registrant, by=owner))
    User.objects.filter(pk=owner.pk).update(role=role)
    owner.refresh_from_db()
    return take(view, lambda: cameras.pause(camera=made.camera.camera, by=owner))


@drives(GRANT, View.RUNNING, View.ENDED, "clerk")
def suspended(role: str) -> Taken:
    """A clerk suspends the CORE."""
    made = scene()
    view = made.view()
    return take(view, lambda: cores.suspend(core=made.camera.core, by=person(role)))


@drives(GRANT, View.RUNNING, View.ENDED, "dispatch")
def moved(role: str) -> Taken:
    """Dispatch says that the incident is elsewhere."""
    made, dispatch = dispatched()
    made.declare(radius_m=WITHIN_LIMITS)
    view = made.view()
    return take(view, dispatch.moves)


@drives(GRANT, View.RUNNING, View.ENDED, "administrator", "operator")
def disabled(role: str) -> Taken:
    """The viewer's account is disabled."""
    made = scene()
    view: ViewGrant = made.view()
    by = AT_THE_SERVER if role == "operator" else person(role).actor
    return take(view, lambda: accounts.disable(account=made.deputy, by=by, why="administrators"))
