from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.forms import Form
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.log.selectors import entries_of_subject
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import components as pages, times
from fusus_portal.ground.pages.acts import ActPage, Way
from fusus_portal.ground.streets.finder.blocks import block_of
from registry.canvasses import selectors as canvass_selectors
from registry.canvasses.models import Canvass, FootageRequest
from registry.footage import policies, selectors
from registry.footage.media_types import MEDIA_TYPES
from registry.footage.models import Evidence, LegalHold, RetentionCategory
from registry.footage.selectors import Filed
from registry.footage.states import EvidenceState
from registry.incidents import hooks
from registry.incidents.hooks import FootageWish
from registry.incidents.models import Incident
from registry.incidents.presenters import tabs
from registry.limits.models import Limits
from registry.places.models import Camera
from registry.registrants.models import ContactWay

OTHERS = 6
"""Files of other owners named on a file's page at most; the list of the incident names all."""
FILES_A_PAGE = 25


def file_page(evidence: Evidence, form: Form, user: User, *, playing: bool, starts: bool = False) -> dict[str, Any]:
    """Return a file's context. playing: this person may watch now. starts: they have just pressed the button."""
    holds = list(policies.holds_on(evidence).select_related("evidence", "placed_by", "lifted_by"))
    return {
        "evidence": evidence,
        "incident": evidence.request.incident,
        "form": form,
        "playing": playing,
        "starts": playing and starts,
        "is_video": evidence.content_type.startswith("video/"),
        "gone": why_not(partial(policies.must_be_kept, evidence)),
        "ends": _ending(evidence),
        "facts": _facts(evidence),
        "holds": [hold_line(hold) for hold in holds],
        "actions": _actions(evidence, user),
        "may_lift": not why_not(partial(demand, user, Permission.KEEP_EVIDENCE)),
        "custody": pages.moments(entries_of_subject(evidence.subject)),
        "beside": selectors.beside(evidence),
        "others": selectors.of_others(evidence)[:OTHERS],
    }


def replies_page(incident: Incident, canvasses: Sequence[Canvass], user: User, new: Container[UUID]) -> dict[str, Any]:
    """Return the replies by canvass, the latest first, without addresses.

    The number of queries does not grow with canvasses and replies. new: the requests whose reply this person had not
    seen.
    """
    came = canvass_selectors.follow_ups(canvasses)
    files, cameras = selectors.replies_to(canvasses)
    wishes = hooks.wishes_among([file.upload_id for given in files.values() for file in given])
    return {
        **tabs.head(incident, user, "incident_replies"),
        "owners_read": Limits.current().shows_reasons,
        "canvasses": [
            {
                "canvass": canvass,
                "sent": times.moment(canvass.sent_at or canvass.created_at),
                "asker": canvass.asker.pseudonym,
                "follow_up": came[canvass.pk],
                "given": [
                    _given(reply, file, cameras[reply.request], canvass, wishes, is_new=reply.request in new)
                    for reply in came[canvass.pk].replies
                    for file in files[reply.request]
                ],
                "none": [(reply, reply.request in new) for reply in came[canvass.pk].replies if not reply.has_footage],
            }
            for canvass in canvasses
        ],
    }


def _given(
    reply: canvass_selectors.Reply,
    file: Evidence,
    asked: Sequence[Camera],
    canvass: Canvass,
    wishes: Mapping[UUID, FootageWish],
    *,
    is_new: bool,
) -> dict[str, Any]:
    """Return a file of the list of replies. block: its camera's street block or ZIP code, or "".

    wish: of a file that was asked for by name, None for one that its owner chose. reason: for which it was asked for.
    """
    wish = wishes.get(file.upload_id)
    named = [camera for camera in asked if file.upload.camera_id in {None, camera.pk}]
    blocks = {block_of(each.premises.street) or each.premises.zip_code for each in named}
    seconds = file.upload.seconds
    return {
        "file": file,
        "number": reply.number,
        "camera": named[0].name if len(named) == 1 else _("Camera not named"),
        "block": blocks.pop() if len(blocks) == 1 else "",
        "length": times.length(seconds) if seconds else "",
        "came": times.moment(file.received_at),
        "plays": MEDIA_TYPES[file.content_type].plays,
        "is_picture": not file.content_type.startswith("video/"),
        "is_new": is_new,
        "wish": wish,
        "reason": wish.reason if wish else canvass.reason,
    }


def categories_in_words() -> list[tuple[RetentionCategory, str, str]]:
    found = selectors.categories()
    return [(each, times.kept(each.days), times.kept(each.floor_days)) for each in found]


def holding(heading: str, number: str, intro: str, back: str) -> ActPage:
    return ActPage(
        title=_("Legal hold"),
        heading=f"{heading} {number}",
        intro=intro,
        sentences=[_("The giver is told that a legal hold keeps the footage longer, and not why.")],
        label=_("Place the hold"),
        way=Way(back, number, _("Cancel")),
    )


def hold_line(hold: LegalHold) -> dict[str, Any]:
    """Return a legal hold as people read it. lifted: by whom and when, or "" while it lasts."""
    file = hold.evidence
    return {
        "hold": hold,
        "what": _("File %(number)s") % {"number": file.number} if file else _("All footage of the incident"),
        "placed": _signed(hold.placed_by.pseudonym, hold.placed_at),
        "lifted": _signed(hold.lifted_by.pseudonym, hold.lifted_at) if hold.lifted_by and hold.lifted_at else "",
    }


def list_page(incident: Incident, form: Form, user: User) -> dict[str, Any]:
    """Return the context of an incident's list of footage; the number of queries does not grow with the files."""
    chosen = form.cleaned_data if form.is_valid() else {}
    files = selectors.chosen(incident, state=chosen.get("state", ""), category=chosen.get("category"))
    listed = pages.filtered_list(form, files, FILES_A_PAGE)
    why = why_not(partial(demand, user, Permission.KEEP_EVIDENCE))
    return {
        **listed,
        "incident": incident,
        "table": _table(selectors.filed(listed["page"])),
        "holds": [hold_line(hold) for hold in selectors.holds_in_force(incident)],
        "hold": pages.Action(
            "hold", _("Legal hold"), reverse("incident_hold", args=[incident.pk]), why, is_link=True, quiet=True
        ),
        "may_lift": not why,
    }


def _table(files: Iterable[Filed]) -> pages.Table:
    columns = [_("File"), _("Request and camera"), _("Received"), _("Category"), _("Kept until"), _("State")]
    return pages.Table(_("Files, latest first"), columns, [_row(filed) for filed in files], says_caption=True)


def _row(filed: Filed) -> list[object]:
    file: Evidence = filed.file
    label, kind = tag_of(filed)
    name = pages.Cell(file.number, reverse("evidence", args=[file.pk]), soft=f"{file.name} {filesizeformat(file.size)}")
    camera = [file.upload.camera.name] if file.upload.camera else []
    days = [times.moment(file.received_at), file.category.name, times.day(file.kept_until)]
    return [name, " · ".join([file.request.number, *camera]), *days, pages.Cell(tags=[(kind, label)])]


def tag_of(filed: Filed) -> tuple[str, str]:
    file: Evidence = filed.file
    if file.state != EvidenceState.KEPT:
        return file.get_state_display(), "quiet"
    if filed.is_held:
        return _("Legal hold"), "warn"
    return (_("Deletion announced"), "warn") if file.announced_at else (_("Kept"), "good")


def _signed(who: str, at: datetime) -> str:
    return f"{who}, {times.moment(at)}"


def _ending(evidence: Evidence) -> str:
    return times.day(evidence.deletes_at) if evidence.is_there and evidence.deletes_at else ""


def _facts(evidence: Evidence) -> list[tuple[str, str]]:
    upload, request = evidence.upload, evidence.request
    wish = hooks.wishes_among([upload.pk]).get(upload.pk)
    facts = [
        (_("Name"), evidence.name),
        (_("Size"), filesizeformat(evidence.size)),
        (_("Kind"), evidence.content_type),
        (_("Camera"), upload.camera.name if upload.camera else _("Not said")),
        (_("Recording starts"), _start(evidence, wish)),
        (_("Asked for as a clip"), wish.window if wish else ""),
        (_("Reason of the clip"), wish.reason if wish else ""),
        (_("Given with request"), request.number),
        (_("Given by"), selectors.giver_of(request)),
        (_("Questions to them"), _reach(request)),
        (_("Received"), times.moment(evidence.received_at)),
        (_("Category"), evidence.category.name),
        (_("Kept until"), times.day(evidence.kept_until)),
    ]
    if evidence.deleted_at:
        facts.append((_("Deleted"), times.moment(evidence.deleted_at)))
    return [(term, said) for term, said in facts if said] + [(_("SHA-256"), evidence.sha256)]


def _start(evidence: Evidence, wish: FootageWish | None = None) -> str:
    asked = wish or evidence.request.canvass
    starts_at = evidence.upload.starts_at or (wish.starts_at if wish else None)
    if starts_at is None:
        return _("Not said")
    if asked.starts_at <= starts_at <= asked.ends_at:
        return times.moment(starts_at)
    return _("%(moment)s, outside the hours asked for") % {"moment": times.moment(starts_at)}


def _actions(evidence: Evidence, user: User) -> list[pages.Action]:
    if evidence.state != EvidenceState.KEPT:
        return []
    why = why_not(partial(demand, user, Permission.KEEP_EVIDENCE))
    return [
        pages.Action(name, label, reverse(f"evidence_{name}", args=[evidence.pk]), why, is_link=True, quiet=True)
        for name, label in (("hold", _("Legal hold")), ("category", _("Change the category")))
    ]


def _reach(request: FootageRequest) -> str:
    """Return how a deputy may reach the giver: by a call only if the giver allows it."""
    giver = request.registrant
    if giver is None:
        return _("They have left the registry.")
    if giver.contact_way != ContactWay.CALL:
        return _("By e-mail only.")
    said = (giver.phone, giver.second_phone, giver.contact_person, giver.hours)
    return ", ".join(filter(None, said))
