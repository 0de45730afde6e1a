"""What depends on one place, in numbers: for the page that says what a move means."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from registry.canvasses.models.canvasses import FootageRequest, RequestCamera
from registry.canvasses.states import RequestState
from registry.limits.models import Limits
from registry.places.models import Camera, Premises


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """cameras: registered here. waiting: requests that ask about them; only_here: those that ask about no other place.

    is_last: whether the person has no other place. leaves_out: whether searches find confirmed places alone.
    """

    cameras: int
    waiting: int
    only_here: int
    is_last: bool
    leaves_out: bool = False


def standing_of(premises: Premises) -> PlaceCounts:
    """Return what depends on a place now."""
    asked = RequestCamera.objects.filter(request=OuterRef("pk"), camera__premises=premises)
    waiting = FootageRequest.objects.filter(Exists(asked), registrant=premises.registrant_id, state=RequestState.SENT)
    return PlaceCounts(
        cameras=Camera.objects.registered().filter(premises=premises).count(),
        waiting=waiting.count(),
        only_here=len(waiting_only_for(premises)),
        is_last=not Premises.objects.registered()
        .filter(registrant=premises.registrant_id)
        .exclude(pk=premises.pk)
        .exists(),
        leaves_out=Limits.current().leaves_out_unconfirmed,
    )


def waiting_only_for(premises: Premises, states: Sequence[str] = (RequestState.SENT,)) -> list[UUID]:
    """Return the requests that wait for an answer, or are in other states, and ask about this place alone."""
    cameras = RequestCamera.objects.filter(request=OuterRef("pk"))
    waiting = FootageRequest.objects.filter(
        Exists(cameras.filter(camera__premises=premises)),
        ~Exists(cameras.exclude(camera__premises=premises)),
        registrant=premises.registrant_id,
        state__in=states,
    )
    return list(waiting.values_list("pk", flat=True))
