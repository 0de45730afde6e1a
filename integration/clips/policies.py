"""What clip may be asked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.pages import times
from integration.clips.models import Clip
from integration.cores.models import Core
from integration.cores.policies import NO_RECORDING
from integration.rules import LONGEST_CLIP
from integration.sharing.models import SharingRule
from registry.incidents.models.incidents import Incident

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Minutes:
    """Of when a clip may be asked for, in whole minutes. is_shrinking: the CORE loses the first ones with time."""

    starts_at: datetime
    ends_at: datetime
    is_shrinking: bool

    @property
    def sentence(self) -> str:
        """Which minutes may be chosen, as the form, its help and its errors say it."""
        most = int(LONGEST_CLIP.total_seconds() // 60)
        window = times.window(self.starts_at, self.ends_at)
        return _("Choose at most %(count)d minutes of %(window)s.") % {"count": most, "window": window}


def kept_since(core: Core, now: datetime) -> datetime | None:
    """Return how far back a CORE keeps recordings, by what it reported last; None where it never said."""
    return None if core.recorded_minutes is None else now - timedelta(minutes=core.recorded_minutes)


def minutes_kept(incident: Incident, core: Core, now: datetime) -> Minutes | None:
    """Return the minutes of an incident that a CORE says it keeps, None for less than one. The CORE is not asked.

    An incident that goes on takes clips of now. A declaration that still runs does not widen the window: footage is
    asked for of the incident, as it is known.
    """
    starts_at, ends_at = _whole(incident.starts_at), _whole(min(incident.until, now))
    kept = kept_since(core, now)
    is_shrinking = kept is not None and kept > starts_at
    if kept is not None and is_shrinking:
        starts_at = _whole(kept) + MINUTE
    return Minutes(starts_at, ends_at, is_shrinking) if ends_at - starts_at >= MINUTE else None


def why_no_minutes(incident: Incident, core: Core, now: datetime) -> str:
    """Return why no clip of an incident can be asked of a CORE, "" where one can."""
    if minutes_kept(incident, core, now) is not None:
        return ""
    if core.recorded_minutes == 0:
        return str(NO_RECORDING)
    if now - incident.starts_at < 2 * MINUTE:
        return _("The incident has just begun. Ask in a minute.")
    sentence = _("The CORE keeps the last %(count)d minutes, and the incident was over before them.")
    return sentence % {"count": core.recorded_minutes or 0}


def check_window(starts_at: datetime, ends_at: datetime, *, incident: Incident, core: Core, now: datetime) -> None:
    """Raise ValidationError on "starts_at" or "ends_at" unless a clip is over, and of minutes that the CORE keeps."""
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
    """Raise Refused for an incident that nobody has verified: broken glass shows its cameras, and asks no owner."""
    if not incident.is_verified:
        sentence = _("A supervisor must verify this incident before a clip is asked for.")
        raise Refused(sentence, subject=incident.subject)


def must_be_connected(clip: Clip) -> None:
    """Raise Stale for a clip whose camera is behind no CORE any more."""
    if clip.camera is None or clip.camera.removed_at is not None:
        raise Stale(_("This camera is not connected any more, so no clip of it can be sent."), subject=clip.subject)


def rule_speaks(rule: SharingRule | None, *, is_first: bool, answered_by_rule: bool) -> bool:
    """Tell whether a camera's standing rule gives a clip: only of a request that nobody can have declined (promise R4).

    is_first: this clip is the first that the owner is asked for, of the incident. answered_by_rule: the rule gave one
    of the same request, so "rather not" is no answer to it any more. A request of a canvass is neither.
    """
    return rule is not None and rule.answers_clips and (is_first or answered_by_rule)


def _whole(moment: datetime) -> datetime:
    """Return the minute in which a moment is."""
    return moment.replace(second=0, microsecond=0)
