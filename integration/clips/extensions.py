"""Clips in the apps below: answers to requests for footage by one press, after a look; tables of a person's data."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.tables import Cell
from integration.clips.presenters import ClipLine
from integration.clips.selectors import answered_by_rule, askers_of, of_request, own
from registry.incidents import hooks as incident_hooks
from registry.incidents.hooks import Offer, Others, Panels
from registry.places import hooks as place_hooks
from registry.places.hooks import Dependent
from registry.registrants.models import Registrant


def register() -> None:
    place_hooks.registrants.register(Dependent(name="clips", tables={"clips": clips_table}))
    incident_hooks.panels.register(Panels(name="clips", answers=others, answered=answered_by_rule, askers=askers_of))


def others(request: UUID) -> Others:
    lines = [ClipLine(clip) for clip in of_request(request)]
    return Others([_offer(line) for line in lines if line.is_offered], _given(lines))


def clips_table(registrant: Registrant) -> list[dict[str, Cell]]:
    return [
        {
            "request": each.request.number,
            "incident": each.incident.number,
            "camera": str(each.camera.camera_id) if each.camera else "",
            "from": each.starts_at.isoformat(),
            "to": each.ends_at.isoformat(),
            "state": each.state,
            "by_rule": int(each.by_rule),
            "sha256": each.sha256,
        }
        for each in own(registrant.user)
    ]


def _offer(line: ClipLine) -> Offer:
    return Offer(
        _("Your CORE can send you the recording of %(name)s, %(time)s. You look at it, then you give it or not.")
        % {"name": line.name, "time": line.time},
        _("Look at the clip of %(name)s") % {"name": line.name},
        reverse("own_clip", args=[line.clip.pk]),
    )


def _given(lines: Sequence[ClipLine]) -> str:
    given = [line.clip for line in lines if line.clip.given_at]
    if any(clip.by_rule for clip in given):
        return _(
            "Your rule for clips has already answered this. If you pause sharing or change the rule, no more of it "
            "is sent."
        )
    return _("You gave a clip, so this request is answered.") if given else ""
