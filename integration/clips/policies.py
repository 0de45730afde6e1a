from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.pages import times
from integration.clips.models import Clip
from integration.clips.states import ARRIVED, ClipState
from integration.cores.models import Core
from integration.cores.policies import NO_RECORDING
from integration.rules import CLIP_WAITS, LONGEST_CLIP
from integration.sharing.models import SharingRule
from registry.canvasses.policies import can_take_footage
from registry.canvasses.states import UNTOLD
from registry.footage.states import UploadState
from registry.incidents.models import Incident

MINUTE = timedelta(minutes=1)


class Stage(StrEnum):
    """Progress of a clip, as its owner sees it."""

    OPEN = "open"
    COMING = "coming"
    HERE = "here"
    GIVEN = "given"
    GONE = "gone"
    CLOSED = "closed"


SAID: Final[dict[Stage, Any]] = {
    Stage.OPEN: gettext_lazy("It waits for you. The CORE sends it to you first, and nobody else sees it."),
    Stage.COMING: gettext_lazy("The CORE sends it to you the next time it connects. Nobody else sees it."),
    Stage.HERE: gettext_lazy("It is here. Nobody else sees it, and no deputy knows of it, until you give it."),
    Stage.GIVEN: gettext_lazy("You gave it."),
    Stage.GONE: gettext_lazy("The CORE has no recording of that time any more."),
    Stage.CLOSED: gettext_lazy("This request is closed."),
}


@dataclass(frozen=True, slots=True)
class Minutes:
    """Whole minutes inside which a clip may be asked for. is_shrinking: the CORE is overwriting the first of them."""

    starts_at: datetime
    ends_at: datetime
    is_shrinking: bool

    @property
    def sentence(self) -> str:
        most = int(LONGEST_CLIP.total_seconds() // 60)
        window = times.window(self.starts_at, self.ends_at)
        return _("Choose at most %(count)d minutes of %(window)s.") % {"count": most, "window": window}


def kept_since(core: Core, now: datetime) -> datetime | None:
    """Return since when a CORE has a recording, by its last report; None if it never said."""
    return None if core.recorded_minutes is None else now - timedelta(minutes=core.recorded_minutes)


def overwritten_from(clip: Clip, now: datetime) -> datetime | None:
    """Return from when on a CORE overwrites the minutes of a clip, by its last report; None if it never said."""
    kept = None if clip.camera is None else kept_since(clip.camera.core, now)
    return None if kept is None else now + (clip.starts_at - kept)


def minutes_kept(incident: Incident, core: Core, now: datetime) -> Minutes | None:
    """Return the minutes of an incident that a CORE says it keeps, None for less than one. The CORE is not asked.

    An ongoing incident offers minutes up to now. A declaration that is still in force does not widen the window:
    deputies ask only for footage of the incident as it is known.
    """
    starts_at, ends_at = _whole(incident.starts_at), _whole(min(incident.until, now))
    kept = kept_since(core, now)
    is_shrinking = kept is not None and kept > starts_at
    if kept is not None and is_shrinking:
        starts_at = _whole(kept) + MINUTE
    return Minutes(starts_at, ends_at, is_shrinking) if ends_at - starts_at >= MINUTE else None


def why_no_minutes(incident: Incident, core: Core, now: datetime) -> str:
    if minutes_kept(incident, core, now) is not None:
        return ""
    if core.recorded_minutes == 0:
        return str(NO_RECORDING)
    if now - incident.starts_at < 2 * MINUTE:
        return _("The incident has just begun. Ask in a minute.")
    sentence = _("The CORE keeps the last %(count)d minutes, and the incident was over before them.")
    return sentence % {"count": core.recorded_minutes or 0}


def check_window(starts_at: datetime, ends_at: datetime, *, incident: Incident, core: Core, now: datetime) -> None:
    """Raise ValidationError on "starts_at" or "ends_at" unless a clip is past, not too long, and in `minutes_kept`."""
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The end must come after the start.")})
    if ends_at > now:
        raise ValidationError({"ends_at": _("This is in the future. Only recordings that exist can be asked for.")})
    minutes, kept = minutes_kept(incident, core, now), kept_since(core, now)
    if minutes is None:
        raise ValidationError({"starts_at": why_no_minutes(incident, core, now)})
    if ends_at - starts_at > LONGEST_CLIP:
        raise ValidationError({"ends_at": minutes.sentence})
    # Forms know no seconds, dispatch does.
    is_gone = kept is not None and starts_at < kept
    if is_gone or starts_at < _whole(incident.starts_at) or ends_at > incident.until:
        raise ValidationError({"starts_at": minutes.sentence})


def must_be_verified(incident: Incident) -> None:
    """Raise Refused for an unverified incident: broken glass shows cameras, but nobody asks their owners for clips."""
    if not incident.is_verified:
        sentence = _("A supervisor must verify this incident before a clip is asked for.")
        raise Refused(sentence, subject=incident.subject)


def is_lost(clip: Clip, now: datetime) -> bool:
    kept = None if clip.camera is None else kept_since(clip.camera.core, now)
    return kept is not None and clip.ends_at <= kept


def is_turned_down(clip: Clip) -> bool:
    """True if the owner declined, or said there is nothing, after ordering the clip, or after it was asked for.

    Such an answer is about what no rule gave: a deputy sees that a rule gave a clip, so it must come (promise R4). It
    holds for the other clips even once that one has come, until the owner orders them again.
    """
    at = None if clip.by_rule else clip.request.last_turned_down_at
    return at is not None and at > (clip.ordered_at or clip.asked_at)


def is_coming(clip: Clip, now: datetime) -> bool:
    if clip.state != ClipState.ORDERED or clip.ordered_at is None:
        return False
    return clip.ordered_at > now - CLIP_WAITS and not is_turned_down(clip)


def is_over(clip: Clip, now: datetime) -> bool:
    """True if the request, the incident or the clock has ended the time to give a clip."""
    return not clip.incident.takes_answers or not can_take_footage(clip.request) or clip.request.is_over(now)


def is_disconnected(clip: Clip) -> bool:
    return clip.camera is None or clip.camera.removed_at is not None


def has_arrived(clip: Clip) -> bool:
    return clip.upload is not None and clip.upload.state in ARRIVED


def is_given(clip: Clip, now: datetime) -> bool:
    """True if a clip waits for nobody: it was given and is here, or a rule gave it and it is on its way.

    One that was given and lost in its check waits again. `integration.clips.selectors.answered_by_rule` has the same as
    a condition on rows.
    """
    return has_arrived(clip) or (clip.by_rule and is_coming(clip, now) and not is_disconnected(clip))


def answers(clip: Clip, now: datetime) -> bool:
    """True if a clip answers its request in place of the owner: their rule gave it, and it arrived or is on its way."""
    return clip.by_rule and is_given(clip, now)


def is_too_late(clip: Clip, now: datetime) -> bool:
    """True if a clip that a rule gave can't arrive any more. Deputies may know: its owner decided nothing (R4)."""
    return clip.by_rule and not has_arrived(clip) and (is_over(clip, now) or not answers(clip, now))


def is_owners_again(clip: Clip, now: datetime) -> bool:
    """True if a rule gave a clip that never came, so that its request asks the owner.

    If the owner then declines, deputies see no difference (promise R4).
    """
    return is_too_late(clip, now) and not is_over(clip, now) and clip.request.state in UNTOLD


def stage_of(clip: Clip, now: datetime) -> Stage:
    """Return the stage of a clip. Select its request, incident, camera, CORE and upload along with it."""
    checks = (
        (Stage.GONE, clip.state == ClipState.FAILED),
        (Stage.GIVEN, clip.given_at is not None),
        (Stage.CLOSED, clip.camera is None or is_over(clip, now)),
        (Stage.HERE, clip.upload is not None and clip.upload.state == UploadState.READY and not is_turned_down(clip)),
        (Stage.CLOSED, is_disconnected(clip)),
        (Stage.COMING, is_coming(clip, now)),
        (Stage.GONE, is_lost(clip, now)),
    )
    return next((stage for stage, holds in checks if holds), Stage.OPEN)


def must_be(clip: Clip, stage: Stage, now: datetime) -> None:
    found = stage_of(clip, now)
    if found != stage:
        raise Stale(str(SAID[found]), subject=clip.subject)


def must_be_connected(clip: Clip) -> None:
    if is_disconnected(clip):
        raise Stale(_("This camera is not connected any more, so no clip of it can be sent."), subject=clip.subject)


def rule_speaks(rule: SharingRule | None, *, is_first: bool, answered_by_rule: bool) -> bool:
    """True if a camera's rule gives a clip: only for a request that the owner can't have declined (promise R4).

    is_first: the owner was not asked before in this incident. answered_by_rule: the rule gave clips of the request, and
    none waits for the owner. Both are false for the request of a canvass.
    """
    return rule is not None and rule.answers_clips and (is_first or answered_by_rule)


def _whole(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
