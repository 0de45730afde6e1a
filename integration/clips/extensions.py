"""Additions of clips to the apps below: answers to requests for footage, and a table of a person's own data."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.tables import Cell
from integration.clips import policies, presenters
from integration.clips.presenters import ClipLine
from integration.clips.selectors import (
    answered_among,
    answered_by_rule,
    askers_of,
    given_by_rule,
    of_requests,
    own,
    wishes_of,
)
from registry.canvasses.states import RequestState
from registry.incidents import hooks as incident_hooks
from registry.incidents.hooks import IncidentSection, Offer, Others, Panels
from registry.places import hooks as place_hooks
from registry.places.hooks import Dependent
from registry.registrants.models import Registrant


def register() -> None:
    place_hooks.registrants.register(Dependent(name="clips", tables={"clips": clips_table}))
    incident_hooks.panels.register(
        Panels(
            name="clips",
            sections=[
                IncidentSection(
                    name="clips",
                    template="integration/clips/console/section.html",
                    page=presenters.incident_section,
                    place=15,
                    tab="critical",
                )
            ],
            answers=others,
            answered=answered_by_rule,
            promised=given_by_rule,
            askers=askers_of,
            wishes=wishes_of,
        )
    )


def others(requests: Collection[UUID]) -> Mapping[UUID, Others]:
    lines: dict[UUID, list[ClipLine]] = defaultdict(list)
    for clip in of_requests(requests):
        lines[clip.request_id].append(ClipLine(clip))
    answered = answered_among(lines) if lines else set()
    return {request: _others(found, is_answered=request in answered) for request, found in lines.items()}


def _others(lines: Sequence[ClipLine], *, is_answered: bool) -> Others:
    """Return what the page of a request says of these clips. is_answered: the owner's rule gave all of them."""
    offered = [line for line in lines if line.is_offered]
    offers = [_offer(line) for line in offered]
    unanswered = [line for line in offered if not line.is_turned_down]
    windows = [f"{line.name}: {line.time}" for line in unanswered if not _is_of_canvass(line)]
    if is_answered:
        given = _(
            "Your rule for clips has already answered this. If you pause sharing or change the rule, no more of it "
            "is sent."
        )
        return Others(offers, given)
    by_hand = any(policies.has_arrived(line.clip) and not line.clip.by_rule for line in lines)
    given = _("You gave a clip, so this request is answered.") if by_hand else ""
    state = lines[0].clip.request.state
    kept = [line for line in lines if line.is_kept and state != RequestState.FOOTAGE]
    missing = [line for line in lines if line.asks_again]
    waits = bool(unanswered) and state != RequestState.SENT
    said = [
        presenters.not_sent(missing) if missing else "",
        presenters.given_by_rule(kept) if kept else "",
        presenters.waiting(unanswered) if waits else "",
    ]
    return Others(offers, given, " ".join(filter(None, said)), windows, waits)


def _is_of_canvass(line: ClipLine) -> bool:
    clip, canvass = line.clip, line.clip.request.canvass
    return (clip.starts_at, clip.ends_at) == (canvass.starts_at, canvass.ends_at)


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
    about = {"name": line.name, "time": line.time}
    if line.can_fetch and not line.is_turned_down:
        words = _(
            "Your CORE can send you the recording of %(name)s, %(time)s. You look at it, then you give it or not."
        )
        said = [words % about, line.overwritten]
    else:
        said = [_("Recording of %(name)s, %(time)s.") % about, line.for_owner()]
    return Offer(
        " ".join(filter(None, said)),
        _("Look at the clip of %(name)s, %(time)s") % about,
        reverse("own_clip", args=[line.clip.pk]),
        is_quiet=line.is_turned_down,
    )
