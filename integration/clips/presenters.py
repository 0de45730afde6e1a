from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.times import localized_moment
from integration.clips import policies
from integration.clips.models import Clip
from integration.clips.policies import SAID, Stage
from integration.clips.states import ClipState
from integration.cores.policies import is_offline
from registry.canvasses.states import RequestState
from registry.footage.services.uploads import ABANDONED_AFTER
from registry.footage.states import UploadState
from registry.incidents.models import Incident


@dataclass(frozen=True, slots=True)
class ClipLine:
    """One clip in a list. Select its request and upload along with it."""

    clip: Clip

    @property
    def name(self) -> str:
        return self.clip.camera.camera.name if self.clip.camera else _("A camera whose owner has left")

    @property
    def time(self) -> str:
        return _("%(start)s to %(end)s") % {
            "start": localized_moment(self.clip.starts_at),
            "end": localized_moment(self.clip.ends_at),
        }

    @property
    def window(self) -> str:
        """Return the time as other pages of deputies write it."""
        return times.window(self.clip.starts_at, self.clip.ends_at)

    @property
    def is_given(self) -> bool:
        return self.clip.upload is not None and self.clip.upload.state == UploadState.RECEIVED

    @property
    def hashes_agree(self) -> bool:
        return self.is_given and self.clip.upload is not None and self.clip.upload.sha256 == self.clip.sha256

    @property
    def progress(self) -> str:
        upload = self.clip.upload
        if upload is None or upload.state != UploadState.RECEIVING:
            return ""
        return _("%(percent)d %% has arrived.") % {"percent": 100 * upload.received // upload.size}

    def for_deputies(self) -> str:
        """Return the state. An owner who looked or declined looks like one who has not answered (promise R4)."""
        if self.is_given:
            return _("Given. It is among the footage of the incident.")
        if self.is_owners_again:
            return _("The owner's rule gave it, but it did not arrive. It waits for the owner.")
        if self._is_gone:
            return str(SAID[Stage.GONE])
        if self.clip.request.state == RequestState.NONE and not self._is_last_word:
            return _("The owner has no footage.")
        if self._is_too_late:
            return _("Given by the owner, but it never arrived.")
        return _("Given by the owner, and on its way.") if self.clip.given_at else _("Waits for the owner.")

    @property
    def stage(self) -> Stage:
        return policies.stage_of(self.clip, timezone.now())

    def for_owner(self) -> str:
        if self.is_given:
            return _("You gave it. All of it arrived.")
        if self.asks_again:
            return not_sent([self])
        if self.stage == Stage.GIVEN and self.clip.by_rule:
            return self._sending
        coming = self.progress if self.stage == Stage.COMING else ""
        said = [coming or self._answered_otherwise or str(SAID[self.stage]), "" if coming else self.overwritten]
        return " ".join(filter(None, [*said, self._offline if self.stage == Stage.COMING else ""]))

    @property
    def overwritten(self) -> str:
        """Return until when the CORE has the recording, by what it reported; "" if that decides nothing any more."""
        now = timezone.now()
        at = policies.overwritten_from(self.clip, now)
        if at is None or self.stage not in {Stage.OPEN, Stage.COMING}:
            return ""
        if at <= now:
            return _("By its last report, the CORE is overwriting this recording now.")
        sentence = _("By its last report, the CORE keeps this recording until about %(moment)s. Then it overwrites it.")
        return sentence % {"moment": localized_moment(at)}

    @property
    def _offline(self) -> str:
        core = None if self.clip.camera is None else self.clip.camera.core
        if core is None or not is_offline(core, timezone.now()):
            return ""
        sentence = _(
            "The CORE has been offline since %(moment)s, and sends the clip once it is back. Please check that it has "
            "power and a network connection."
        )
        return sentence % {"moment": localized_moment(core.seen_at or core.received_at)}

    @property
    def is_turned_down(self) -> bool:
        """True if the owner answered without footage, and has not ordered the clip again."""
        return policies.is_turned_down(self.clip) and self.stage in {Stage.OPEN, Stage.GONE}

    @property
    def _answered_otherwise(self) -> str:
        if not self.is_turned_down:
            return ""
        had_arrived = self.clip.upload is not None and self.clip.state == ClipState.SENT
        said = (
            _("You answered without footage, so the clip that had arrived is deleted.")
            if had_arrived
            else _("You answered without footage, so the clip is not sent.")
        )
        more = _("You can still have it sent to you.") if self.can_fetch else str(SAID[self.stage])
        return f"{said} {more}"

    @property
    def is_kept(self) -> bool:
        """True if the owner's rule gave the clip, and its file is here or can still arrive."""
        return self.clip.by_rule and not self._is_too_late

    @property
    def is_owners_again(self) -> bool:
        return policies.is_owners_again(self.clip, timezone.now())

    @property
    def asks_again(self) -> bool:
        """True if the owner is asked for a clip that their rule gave and that never came, and has not answered."""
        return self.is_owners_again and self.clip.request.state == RequestState.SENT

    @property
    def _is_too_late(self) -> bool:
        return policies.is_too_late(self.clip, timezone.now())

    @property
    def _sending(self) -> str:
        if self._is_too_late:
            return _("Your rule gave it, but the CORE did not send it in time. No more of it is sent.")
        said = self.progress or _("Your rule gave it. The CORE sends it the next time it connects.")
        return " ".join(filter(None, [said, self._offline]))

    @property
    def can_fetch(self) -> bool:
        return self.stage == Stage.OPEN

    @property
    def is_here(self) -> bool:
        return self.stage == Stage.HERE

    @property
    def deleted_at(self) -> str:
        """Return when the file is deleted unless the owner gives it; "" if the owner has no file to give."""
        upload = self.clip.upload
        if upload is None or not self.is_here:
            return ""
        return localized_moment(min(self.clip.request.expires_at, upload.touched_at + ABANDONED_AFTER))

    @property
    def is_offered(self) -> bool:
        return self.stage in {Stage.OPEN, Stage.COMING, Stage.HERE}

    @property
    def has_other_answers(self) -> bool:
        """True if the page of the request takes other footage, "none" and "rather not" in place of the clip."""
        is_open = self.clip.request.state == RequestState.SENT and not policies.is_over(self.clip, timezone.now())
        return is_open and (not self.clip.given_at or self.asks_again)

    @property
    def _is_gone(self) -> bool:
        if self.clip.by_rule:
            return self.clip.state == ClipState.FAILED
        return not self.clip.given_at and policies.is_lost(self.clip, timezone.now())

    @property
    def _is_last_word(self) -> bool:
        replied_at, given_at = self.clip.request.replied_at, self.clip.given_at
        return self.is_kept or (given_at is not None and (replied_at is None or replied_at <= given_at))


def incident_section(incident: Incident, user: User) -> dict[str, Any]:
    """Return the section of an incident's page: how many clips were asked for, 0 for a person who may not list them."""
    may_list = not why_not(partial(demand, user, Permission.VIEW_LIVE))
    return {"incident": incident, "clips": incident.clips.count() if may_list else 0}


def not_sent(lines: Iterable[ClipLine]) -> str:
    """Return the sentence that asks an owner for clips that their rule gave and the CORE did not send."""
    sentence = _(
        "Your rule for clips gave a clip of %(cameras)s, but it did not arrive. So we ask you for the footage."
    )
    return sentence % {"cameras": _cameras(lines)}


def given_by_rule(lines: Iterable[ClipLine]) -> str:
    """Return the sentence on clips that a rule gave, for an owner who is or was asked for other footage, too."""
    sentence = _("Your rule for clips gave a clip of %(cameras)s. Your answer does not change that.")
    return sentence % {"cameras": _cameras(lines)}


def waiting(lines: Iterable[ClipLine]) -> str:
    """Return the sentence on clips that wait for an owner who gave footage already, or whose rule did."""
    sentence = _("A clip of %(cameras)s waits for you too. You look at it, then you give it or not.")
    return sentence % {"cameras": _cameras(lines)}


def _cameras(lines: Iterable[ClipLine]) -> str:
    return get_text_list(sorted({line.name for line in lines}), _("and"))
