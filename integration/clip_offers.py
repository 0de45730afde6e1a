"""A request that is about a clip can be answered by one press: the CORE sends it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from integration.presenters.clips import ClipLine
from integration.selectors.clips import of_request
from registry import other_answers
from registry.models import FootageRequest
from registry.other_answers import Offer


def register() -> None:
    """Offer it."""
    other_answers.register("clips", offers)


def offers(request: FootageRequest) -> list[Offer]:
    """Return the clips of a request that wait for their owner."""
    return [
        Offer(
            _("Your CORE can send the recording of %(name)s, %(time)s. You need not copy anything.")
            % {"name": line.name, "time": line.time},
            _("Give the clip of %(name)s") % {"name": line.name},
            reverse("own_clip", args=[line.clip.pk]),
        )
        for line in map(ClipLine, of_request(request))
        if line.can_give and not line.records_nothing
    ]
