"""The wall: several cameras begun at one press for one reason, and a view begun again for the reason that it had.

Each camera is a view of its own: its own question to the gate, its own entry before the picture, its own notice to its
owner. A refusal of one keeps none of the others from beginning.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Stale
from integration.cores.models import DeviceCamera
from integration.critical import selectors
from integration.live.models import ViewGrant
from integration.live.policies import gate as gate_policies
from integration.live.services import views
from integration.live.services.gate import ViewRefused
from registry.incidents.models import Incident


@dataclass(frozen=True, slots=True)
class Begun:
    camera: DeviceCamera
    view: ViewGrant | None = None
    refused: ViewRefused | Stale | ValidationError | None = None


def start(
    *,
    incident: Incident,
    cameras: Iterable[DeviceCamera],
    by: User,
    reason: str,
    network: str,
    session: bytes,
    more: Collection[UUID] = (),
) -> list[Begun]:
    """Begin to see cameras, each in a transaction of its own; return a result for each, in their order.

    network, session: as of `views.start`. more: the cameras whose time may be used up, so that the reason says why more
    is needed. Raises ValidationError on "reason" if no view began, NotYours if there is no such camera.
    """
    begun = []
    for camera in cameras:
        try:
            view = views.start(
                incident=incident,
                camera=camera,
                by=by,
                reason=reason,
                network=network,
                session=session,
                more=camera.pk in more,
            )
            begun.append(Begun(camera, view))
        except (ViewRefused, Stale, ValidationError) as refused:
            begun.append(Begun(camera, refused=refused))
    if not any(each.view for each in begun):
        for each in begun:
            if isinstance(each.refused, ValidationError):
                raise each.refused
    return begun


def begin_again(*, grant: ViewGrant, by: User, network: str, session: bytes) -> ViewGrant:
    """Begin to see the camera of an ended view again, for the reason that was written last; return the new view.

    That reason counts as long as the declaration for which it was written. Raises NotYours for another's view, Stale if
    a new reason is needed, and whatever `views.start` raises.
    """
    if by.pk != grant.deputy_id:
        raise NotYours(_("There is no such view."), subject=grant.subject)
    if grant.camera is None:
        raise ViewRefused(gate_policies.failed("connected"), subject=grant.subject)
    declaration = selectors.in_force(grant.incident)
    is_another = declaration is not None and declaration.pk != grant.declaration_id
    if is_another or not gate_policies.keeps_reason(grant.condition):
        raise Stale(_("This camera needs a new reason. Write it on the page of the cameras."), subject=grant.subject)
    return views.start(
        incident=grant.incident,
        camera=grant.camera,
        by=by,
        reason=[grant.reason, *grant.further_reasons][-1],
        network=network,
        session=session,
    )
