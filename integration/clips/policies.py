"""What clip may be asked for."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import Refused, Stale
from integration.clips.models import Clip
from integration.rules import LONGEST_CLIP
from integration.sharing.models import SharingRule
from registry.incidents.models.incidents import Incident


def check_window(starts_at: datetime, ends_at: datetime, *, incident: Incident, now: datetime) -> None:
    """Raise ValidationError on "starts_at" or "ends_at" unless the clip is inside the incident's window, and over.

    An incident that goes on takes clips of now. A declaration that still runs does not widen the window: footage is
    asked for of the incident, as it is known.
    """
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The end must come after the start.")})
    if ends_at > now:
        raise ValidationError({"ends_at": _("This is in the future. Only recordings that exist can be asked for.")})
    if ends_at - starts_at > LONGEST_CLIP:
        most = {"count": int(LONGEST_CLIP.total_seconds() // 60)}
        raise ValidationError({"ends_at": _("A clip has at most %(count)d minutes.") % most})
    # Forms know no seconds, dispatch does.
    if starts_at < incident.starts_at.replace(second=0, microsecond=0) or ends_at > incident.until:
        raise ValidationError({"starts_at": _("A clip must be within the time of the incident.")})


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
