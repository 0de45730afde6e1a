"""COREs follow places, cameras and registrations: they move with a place, and end with it (promises I3, I8, R12).

Each of these runs inside the transaction of the act, after the locks on everything that it ends.
"""

from collections.abc import Sequence

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import Line, record_many
from fusus_portal.ground.accounts.roles import Role
from integration import hooks
from integration.cores import locks
from integration.cores.models import Core
from integration.cores.services import cores, returns
from integration.cores.states import IN_USE, CoreState
from registry.people.models import Registrant
from registry.places.models import Camera, ConfirmedBy, Premises
from registry.places.services import premises as premise_services

OWNER = str(Role.BUSINESS)
"""Role for people who end their own registration: they end their COREs as owners, even if the account changed since."""


def cameras_pause(cameras: Sequence[Camera], actor: Actor) -> None:
    hooks.permission_changed.answer(actor=actor, cameras=[camera.pk for camera in cameras])


def pin_moves(premises: Premises, actor: Actor) -> None:
    hooks.permission_changed.answer(actor=actor, registrant=premises.registrant_id)


def place_moves(premises: Premises, actor: Actor) -> None:
    """Record that the COREs at a place moved with it; they and their cameras keep working at the new one."""
    hooks.permission_changed.answer(actor=actor, registrant=premises.registrant_id)
    there = Core.objects.filter(premises=premises, state__in=IN_USE).order_by("pk")
    record_many(event=Event.CORE_PLACED, actor=actor, lines=[Line(core.subject) for core in there])


def activated(core: Core, actor: Actor) -> None:
    if core.premises is not None:
        premise_services.confirm(premises=core.premises, way=ConfirmedBy.CORE, actor=actor)


def place_ends(premises: Premises, actor: Actor) -> None:
    for core in locks.cores_of(premises.registrant_id):
        if core.premises_id == premises.pk:
            _end(core, actor)


def registration_ends(registrant: Registrant, actor: Actor) -> None:
    """Begin the return of every CORE of a business that leaves. A CORE that comes back names nobody any more."""
    for core in locks.cores_of(registrant.pk):
        if core.state != CoreState.RETURNING:
            _end(core, actor)
        returns.forget_what_it_said(core)
        core.registrant = None
        core.save()


def _end(core: Core, actor: Actor) -> None:
    if core.state == CoreState.ALLOCATED:
        cores.put_back(core=core, actor=actor, role=OWNER)
    else:
        returns.send_back(core=core, actor=actor, role=OWNER)
        for follower in hooks.core_followers:
            follower.return_begun(core, actor)
