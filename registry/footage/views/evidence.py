import time
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.log.events import Event
from audit.log.services import Ticket
from fusus_portal.ground.access import FORM, SAFE, Permission, SignedInRequest, privileged, requires
from fusus_portal.ground.database.files import give_back
from fusus_portal.ground.pages.acts import ActPage, Way
from fusus_portal.ground.serving import byte_range
from fusus_portal.ground.serving.lanes import sends_files
from registry.canvasses import selectors as canvasses
from registry.canvasses.services import canvasses as canvass_services
from registry.footage import media_types, presenters, selectors, storage
from registry.footage.forms import CategoryForm, FilterForm, HoldForm, LiftForm, LookForm, RetentionForm
from registry.footage.models import Evidence
from registry.footage.policies import must_be_kept
from registry.footage.services import custody, retention as retention_services
from registry.incidents import selectors as incidents

DOWNLOAD = "download"


@requires(Permission.VIEW_EVIDENCE, FORM)
def evidence(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(request.user, pk)
    form = LookForm(request.POST or None)
    downloads = request.POST.get("act") == DOWNLOAD
    if ticket := form.carry_out(custody.download if downloads else custody.view, evidence=found, by=request.user):
        keep_ticket(request, found, ticket)
        canvass_services.see_reply(request=found.request, by=request.user)
        return redirect("evidence_download", pk) if downloads else redirect(f"{reverse('evidence', args=[pk])}?play")
    custody.open_page(evidence=found, by=request.user)
    playing = has_ticket(request, found)
    page = presenters.file_page(
        found, form, request.user, playing=playing and found.is_there, starts="play" in request.GET
    )
    return render(request, "registry/footage/evidence.html", page)


@requires(Permission.VIEW_EVIDENCE, SAFE)
def evidence_list(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incidents.incident(request.user, pk)
    custody.open_list(incident=incident, by=request.user)
    page = presenters.list_page(incident, FilterForm(request.GET), request.user)
    return render(request, "registry/footage/evidence_list.html", page)


@requires(Permission.VIEW_EVIDENCE, SAFE)
def incident_replies(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """List the replies and mark them as seen. The page has no address, so its entry names no camera."""
    incident = incidents.incident(request.user, pk)
    custody.open_list(incident=incident, by=request.user)
    sent = list(canvasses.sent_for(incident))
    new = canvass_services.see_replies(canvasses=sent, by=request.user)
    context = presenters.replies_page(incident, sent, request.user, new)
    return render(request, "registry/footage/replies.html", context)


@requires(Permission.VIEW_EVIDENCE, SAFE)
def evidence_place(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(request.user, pk)
    cameras = custody.show_place(evidence=found, by=request.user)
    context = {
        "evidence": found,
        "incident": found.request.incident,
        "is_named": found.upload.camera_id is not None or len(cameras) == 1,
        "places": [(camera.name, str(camera.premises.address)) for camera in cameras],
    }
    return render(request, "registry/footage/evidence_place.html", context)


@requires(Permission.KEEP_EVIDENCE, FORM)
def evidence_category(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(request.user, pk)
    must_be_kept(found)
    form = CategoryForm(request.POST or None, evidence=found, initial={"category": found.category_id})
    if form.carry_out(retention_services.classify_evidence, evidence=found, by=request.user):
        messages.success(request, _("Saved. The facts of the file say until which day it is kept."))
        return redirect("evidence", pk)
    custody.open_page(evidence=found, by=request.user)
    return ActPage(
        title=_("Change the category"),
        heading=_("How long is this file kept?"),
        intro=_(
            "The longest time that applies wins: that of the file's category, or that of its incident's type. It "
            "counts from receipt."
        ),
        points=[f"{category.name}: {kept}" for category, kept, _fewest in presenters.categories_in_words()],
        label=_("Save"),
        way=Way(reverse("evidence", args=[pk]), found.number, _("Cancel")),
    ).answer(request, form)


@requires(Permission.KEEP_EVIDENCE, FORM)
def evidence_hold(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(request.user, pk)
    must_be_kept(found)
    form = HoldForm(request.POST or None)
    if form.carry_out(retention_services.place_hold, incident=found.request.incident, evidence=found, by=request.user):
        messages.success(request, _("The hold is in force. This file is not deleted before it is lifted."))
        return redirect("evidence", pk)
    custody.open_page(evidence=found, by=request.user)
    return presenters.holding(
        _("Legal hold on file"),
        found.number,
        _("The file is not deleted before the hold is lifted, whatever its category says."),
        reverse("evidence", args=[pk]),
    ).answer(request, form)


@requires(Permission.KEEP_EVIDENCE, FORM)
def incident_hold(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incidents.incident(request.user, pk)
    form = HoldForm(request.POST or None)
    if form.carry_out(retention_services.place_hold, incident=incident, by=request.user):
        messages.success(
            request, _("The hold is in force. No footage of this incident is deleted before it is lifted.")
        )
        return redirect("evidence_list", pk)
    custody.open_list(incident=incident, by=request.user)
    return presenters.holding(
        _("Legal hold on all footage of"),
        incident.number,
        _("Until the hold is lifted, no footage of this incident is deleted, nor any that arrives later."),
        reverse("evidence_list", args=[pk]),
    ).answer(request, form)


@privileged
@requires(Permission.KEEP_EVIDENCE, FORM)
def hold_lift(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.hold(request.user, pk)
    form = LiftForm(request.POST or None)
    if form.carry_out(retention_services.lift_hold, hold=found, by=request.user):
        messages.success(request, _("Lifted. A deletion that is due is announced first."))
        return redirect("evidence_list", found.incident_id)
    custody.open_list(incident=found.incident, by=request.user)
    line = presenters.hold_line(found)
    return ActPage(
        title=_("Lift a legal hold"),
        intro=f"{line['what']}: {found.reason}",
        sentences=[
            f"{_('Placed:')} {line['placed']}",
            _("Footage whose time is over is then deleted. That is announced 14 days ahead, to its giver and here."),
        ],
        label=_("Lift the hold"),
        kind="secondary",
        way=Way(reverse("evidence_list", args=[found.incident_id]), found.incident.number, _("Cancel")),
    ).answer(request, form)


@requires(Permission.ADMINISTER, SAFE)
def retention(request: SignedInRequest) -> HttpResponse:
    return render(request, "registry/footage/retention.html", {"categories": presenters.categories_in_words()})


@requires(Permission.ADMINISTER, FORM)
def retention_new(request: SignedInRequest) -> HttpResponse:
    form = RetentionForm(request.POST or None)
    if form.carry_out(retention_services.add_category, by=request.user):
        messages.success(request, _("Added."))
        return redirect("retention")
    return _category_page(_("New category")).answer(request, form)


@requires(Permission.ADMINISTER, FORM)
def retention_category(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.category(pk)
    fields: dict[str, Any] = {name: getattr(found, name) for name in ("name", "name_es", "days", "floor_days")}
    form = RetentionForm(request.POST or None, own=found, initial=fields)
    if form.carry_out(retention_services.change_category, category=found, by=request.user):
        messages.success(request, _("Saved. Footage that is here already keeps its day."))
        return redirect("retention")
    return _category_page(found.name).answer(request, form)


def _category_page(heading: str) -> ActPage:
    title = _("How long footage is kept")
    return ActPage(
        title=title,
        heading=heading,
        intro=_("Footage that is here already keeps its day. What arrives from now on gets the new one."),
        label=_("Save"),
        way=Way(reverse("retention"), title, _("Cancel")),
    )


LARGEST_ANSWER = 8 * 1024 * 1024
"""Bytes of an answer to a player's open-ended request. A player asks for more when needed, and a paused video keeps no
thread of the server busy.
"""

NO_LIMIT = 2**63


@require_safe
@sends_files
@requires(Permission.VIEW_EVIDENCE)
def evidence_stream(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """Play a file; answer Range with 206. 403 once the ticket's ten minutes are over; the page offers to ask again."""
    return _file(request, pk, Event.EVIDENCE_VIEWED, largest=LARGEST_ANSWER)


@require_safe
@sends_files
@requires(Permission.VIEW_EVIDENCE)
def evidence_download(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """Hand out the file under its evidence number; Range resumes a broken download."""
    return _file(request, pk, Event.EVIDENCE_DOWNLOADED, largest=NO_LIMIT)


def _file(request: SignedInRequest, pk: UUID, event: Event, *, largest: int) -> HttpResponseBase:
    evidence = selectors.one(request.user, pk)
    ticket = kept_ticket(request, evidence, event)
    source = partial(storage.stored, custody.stream_location(evidence=evidence, by=request.user, ticket=ticket))
    response = ranged_response(request, source, size=evidence.size, tag=evidence.sha256, largest=largest)
    kind = media_types.MEDIA_TYPES[evidence.content_type]
    plays = kind.plays and event == Event.EVIDENCE_VIEWED
    name = f"{evidence.number}.{kind.extension}"
    response["Content-Type"] = kind.content_type if plays else "application/octet-stream"
    response["Content-Disposition"] = f'{"inline" if plays else "attachment"}; filename="{name}"'
    return response


def ranged_response(
    request: SignedInRequest, source: Callable[[], BinaryIO], *, size: int, tag: str, largest: int
) -> HttpResponseBase:
    """Return the part of a file that is asked for. source: opens the file. tag: ETag. largest: bytes if open-ended."""
    headers = {**byte_range.PRIVATE_HEADERS, "Accept-Ranges": "bytes", "ETag": f'"{tag}"'}
    try:
        wanted = _wanted(request, size=size, tag=tag, largest=largest)
    except byte_range.Unsatisfiable:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    first, length = (wanted.first, wanted.length) if wanted else (0, size)
    headers["Content-Length"] = str(length)
    if wanted:
        headers["Content-Range"] = wanted.header
    status = 206 if wanted else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    response = StreamingHttpResponse(byte_range.Portion(source(), first, length), status=status, headers=headers)
    give_back()  # a player may take its time
    return response


def _wanted(request: SignedInRequest, *, size: int, tag: str, largest: int) -> byte_range.ByteRange | None:
    if request.headers.get("If-Range", f'"{tag}"') != f'"{tag}"':
        return None
    header = request.headers.get("Range", "")
    wanted = byte_range.parse_range(header, size)
    if wanted is None or not header.strip().endswith("-"):
        return wanted
    return byte_range.ByteRange(wanted.first, min(wanted.last, wanted.first + largest - 1), wanted.size)


TICKETS = "footage_tickets"
LASTS_SECONDS = 10 * 60
"""How long the database accepts a ticket, so that the page can say when it ends."""


def keep_ticket(request: SignedInRequest, evidence: Evidence, ticket: Ticket) -> None:
    """Keep a file's ticket in the session, never in an address. A new one replaces the earlier one."""
    kept = {name: entry for name, entry in _kept_tickets(request).items() if entry["until"] > time.time()}
    kept[_ticket_name(ticket.event, evidence)] = {"token": ticket.token, "until": time.time() + LASTS_SECONDS}
    request.session[TICKETS] = kept


def has_ticket(request: SignedInRequest, evidence: Evidence) -> bool:
    entry = _kept_tickets(request).get(_ticket_name(Event.EVIDENCE_VIEWED, evidence))
    return entry is not None and bool(entry["until"] > time.time())


def kept_ticket(request: SignedInRequest, evidence: Evidence, event: Event) -> Ticket:
    """Return the session's ticket for a file. A missing one is empty, and the database refuses it."""
    entry = _kept_tickets(request).get(_ticket_name(event, evidence), {"token": ""})
    return Ticket(entry["token"], event.value, "evidence", str(evidence.pk))


def _kept_tickets(request: SignedInRequest) -> dict[str, dict[str, Any]]:
    tickets: dict[str, dict[str, Any]] = request.session.get(TICKETS, {})
    return tickets


def _ticket_name(event: str, evidence: Evidence) -> str:
    return f"{event} {evidence.pk}"
