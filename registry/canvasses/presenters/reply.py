"""What the page of a footage request says to the owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.pages import maps
from registry import hooks
from registry.canvasses.models.canvasses import Canvass, FootageRequest
from registry.canvasses.policies.requests import can_become
from registry.canvasses.presenters.own_requests import OwnFile
from registry.canvasses.selectors import requests
from registry.canvasses.selectors.search import as_asked
from registry.canvasses.states import RequestState
from registry.footage.forms.files import camera_choices
from registry.footage.models.files import Upload
from registry.footage.states import ON_THE_WAY, EvidenceState, UploadState
from registry.footage.upload_links import key_for
from registry.limits.models import Limits
from registry.places.models import Camera


@dataclass(frozen=True, slots=True)
class Answered:
    """What the owner has answered, and what comes next."""

    heading: str | Promise
    next_steps: str | Promise


BEING_CHECKED = Answered(
    _("Your files are here"),
    _("We check each file now. That takes a moment; then the deputy who asked is told that footage has arrived."),
)

ANSWERS: dict[str, Answered] = {
    RequestState.FOOTAGE: Answered(
        _("Thank you for your footage"),
        _("The deputy who asked is told that footage has arrived, and may call you about it if you allowed calls."),
    ),
    RequestState.NONE: Answered(
        _("Thank you for looking"),
        _("The deputy who asked is told that you have no footage. You don't have to do anything else."),
    ),
    RequestState.DECLINED: Answered(
        _("Your answer is noted"),
        _(
            "You would rather not give footage, and that is fine. No deputy is told: for them it looks the same as "
            "a message that was never opened. You don't have to do anything else."
        ),
    ),
}


class ReplyPage:
    """One request, as its owner reads it. token: of the link, for the page's own links."""

    def __init__(self, asked: FootageRequest, token: str) -> None:
        self.asked = asked
        self.token = token
        self.incident = asked.incident
        self.canvass: Canvass = asked.canvass
        rows = asked.cameras.select_related("camera__premises").order_by("camera__name")
        self.cameras: Sequence[Camera] = as_asked(self.canvass, [row.camera for row in rows])

    @property
    def answered(self) -> Answered | None:
        """What was answered, or None while the request waits. Whole files are an answer before they are checked."""
        if self.asked.state == RequestState.SENT and UploadState.CHECKING in {
            upload.state for upload, _key in self.on_the_way
        }:
            return BEING_CHECKED
        return ANSWERS.get(self.asked.state)

    @property
    def takes_more(self) -> bool:
        """Whether more footage can be given, of what is here or was chosen already."""
        return self.asked.state in {RequestState.SENT, RequestState.FOOTAGE}

    @property
    def other_answers(self) -> list[tuple[str, Any]]:
        """The answers that this one may still become: the address and the words of each."""
        if self.asked.state not in {RequestState.DECLINED, RequestState.NONE}:
            return []
        ways = [
            ("reply_footage", RequestState.FOOTAGE, _("Give footage")),
            ("reply_none", RequestState.NONE, _("I have no footage")),
        ]
        open_ones = [(name, words) for name, answer, words in ways if can_become(self.asked, answer)]
        return [(reverse(name, args=[self.token]), words) for name, words in open_ones]

    @property
    def center(self) -> str:
        """The middle of the search, as the map reads it."""
        return maps.pair(self.canvass.center)

    @property
    def radius(self) -> int:
        """Of the search, in meters."""
        return round(self.canvass.radius_m)

    @property
    def corners(self) -> list[list[float]]:
        """Of the search, as the map reads them; none when it was a circle."""
        return maps.ring(self.canvass.area)

    @property
    def places(self) -> list[dict[str, Any]]:
        """The map's markers: the owner's own cameras and nobody else's, none of a place that they have removed."""
        there = [camera for camera in self.cameras if camera.premises.removed_at is None]
        return [maps.place(camera.premises.point, camera.name, kind="camera") for camera in there]

    @property
    def how_many(self) -> str:
        """How many files can be given."""
        return _now("Up to %(count)d files.") % {"count": Limits.current().files_per_reply}

    @cached_property
    def others(self) -> hooks.Others:
        """How else it can be answered, and what was given so: then "rather not" is no answer any more."""
        return hooks.others_of(self.asked)

    @cached_property
    def evidence(self) -> list[OwnFile]:
        """The files that were received, in order."""
        return [OwnFile(given) for given in requests.given(self.asked)]

    @cached_property
    def on_the_way(self) -> list[tuple[Upload, str]]:
        """The files that are still arriving or being checked, each with the last part of the address of its upload."""
        arriving = self.asked.uploads.filter(state__in=ON_THE_WAY).order_by("started_at")
        return [(upload, key_for(upload.pk)) for upload in arriving]

    @cached_property
    def describable(self) -> list[Upload]:
        """The files of which their owner may still say the camera and the time: on the way, or kept."""
        kept = Q(evidence__state=EvidenceState.KEPT) | Q(state__in=ON_THE_WAY)
        return list(self.asked.uploads.filter(kept).order_by("started_at", "pk"))

    @property
    def camera_choices(self) -> list[tuple[str, Any]]:
        """The cameras that files may be said to be from; nothing to choose where the request is about one."""
        return camera_choices(self.cameras) if len(self.cameras) > 1 else []

    @cached_property
    def refused(self) -> list[Upload]:
        """The files that were refused, each with its reason."""
        return list(self.asked.uploads.filter(state=UploadState.REFUSED).order_by("started_at"))
