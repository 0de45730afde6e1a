"""What deputies and owners read about clips."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.pages.times import localized_moment
from integration.clips.models import Clip
from integration.clips.states import ClipState
from registry.canvasses.policies.requests import can_take_footage
from registry.canvasses.states import RequestState
from registry.footage.states import UploadState


@dataclass(frozen=True, slots=True)
class ClipLine:
    """One clip. Its request and upload must be loaded."""

    clip: Clip

    @property
    def name(self) -> str:
        """What its camera is called."""
        return self.clip.camera.camera.name if self.clip.camera else _("A camera whose owner has left")

    @property
    def time(self) -> str:
        """From when to when."""
        return _("%(start)s to %(end)s") % {
            "start": localized_moment(self.clip.starts_at),
            "end": localized_moment(self.clip.ends_at),
        }

    @property
    def is_given(self) -> bool:
        """Whether its file is part of the reply."""
        return self.clip.upload is not None and self.clip.upload.state == UploadState.RECEIVED

    @property
    def hashes_agree(self) -> bool:
        """Whether what arrived is what the CORE said that it sends."""
        return self.is_given and self.clip.upload is not None and self.clip.upload.sha256 == self.clip.sha256

    @property
    def progress(self) -> str:
        """How much of it has arrived, "" before the first byte and after the last."""
        upload = self.clip.upload
        if upload is None or upload.state != UploadState.RECEIVING:
            return ""
        return _("%(percent)d %% has arrived.") % {"percent": 100 * upload.received // upload.size}

    def for_deputies(self) -> str:
        """Its state as deputies read it: an owner who declined looks like one who has not answered (promise R4)."""
        if self.is_given:
            return _("Given. It is among the footage of the incident.")
        if self.clip.state == ClipState.FAILED:
            return _("The CORE has no recording of that time.")
        if self.clip.request.state == RequestState.NONE and not self._is_last_word:
            return _("The owner has no footage.")
        if self.clip.state in (ClipState.ORDERED, ClipState.SENT):
            return _("Given by the owner, and on its way.")
        return _("Waits for the owner.")

    def for_owner(self) -> str:
        """Its state as its owner reads it."""
        if self.is_given:
            return _("You gave it. All of it arrived.")
        if self.clip.state == ClipState.FAILED:
            return _("The CORE has no recording of that time.")
        if self.clip.state in (ClipState.ORDERED, ClipState.SENT):
            return self.progress or _("You gave it. The CORE sends it the next time it connects.")
        if not self.can_give:
            return _("This request is closed.")
        return _("It waits for you.")

    @property
    def records_nothing(self) -> bool:
        """Whether its CORE has said that it keeps no recording."""
        return self.clip.camera is not None and self.clip.camera.core.recorded_minutes == 0

    @property
    def can_give(self) -> bool:
        """Whether its owner can give it now."""
        request = self.clip.request
        is_open = can_take_footage(request) and not request.is_over(timezone.now())
        return is_open and self.clip.state == ClipState.ASKED and self.clip.camera is not None

    @property
    def _is_last_word(self) -> bool:
        """Whether it was given after its request was answered otherwise."""
        replied_at, ordered_at = self.clip.request.replied_at, self.clip.ordered_at
        return ordered_at is not None and (replied_at is None or replied_at <= ordered_at)
