"""A request that is about a clip can be answered by one press, or by the standing rule: the CORE sends it."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from integration.presenters.clips import ClipLine
from integration.selectors.clips import of_request
from integration.states import ClipState
from registry import other_answers
from registry.models import FootageRequest
from registry.other_answers import Offer, Others


def register() -> None:
    """Offer it, and say where it was given."""
    other_answers.register("clips", others)


def others(request: FootageRequest) -> Others:
    """Return the clips of a request that wait for their owner, and what is to be said of those that were given."""
    lines = [ClipLine(clip) for clip in of_request(request)]
    return Others([_offer(line) for line in lines if line.can_give and not line.records_nothing], _given(lines))


def _offer(line: ClipLine) -> Offer:
    return Offer(
        _("Your CORE can send the recording of %(name)s, %(time)s. You need not copy anything.")
        % {"name": line.name, "time": line.time},
        _("Give the clip of %(name)s") % {"name": line.name},
        reverse("own_clip", args=[line.clip.pk]),
    )


def _given(lines: Sequence[ClipLine]) -> str:
    given = [line.clip for line in lines if line.clip.state != ClipState.ASKED]
    if any(clip.by_rule for clip in given):
        return _("Your rule for clips has answered this. Pause sharing or change the rule, and no more of it is sent.")
    return _("You gave a clip, so this request is answered.") if given else ""
