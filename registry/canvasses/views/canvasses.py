from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.evened import evened
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.lifecycle import Refused
from registry.canvasses.forms.canvasses import CircleForm, LeaveOutForm, PolygonForm, PutBackForm, form_of
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.policies.unverified_searches import TooWide
from registry.canvasses.presenters import map_form, page, sheet
from registry.canvasses.selectors import canvasses as canvass_selectors
from registry.canvasses.selectors import replies as reply_selectors
from registry.canvasses.services import canvasses as canvass_services
from registry.canvasses.services import doors, replies, selection
from registry.incidents.policies import incidents as incident_policies
from registry.incidents.selectors import incidents as incident_selectors

DIGITS_OF_MOMENT: Final = 16
"""Microseconds since 1970, for some 250 years."""


@requires(Permission.CANVASS)
@require_form
def canvass_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incident_selectors.one(request.user, pk)
    incident_policies.must_be_open(incident)
    form = form_of(request, incident, map_form.initial(incident))
    if draft := form.carry_out(canvass_services.draft, incident=incident, by=request.user):
        return redirect("canvass", draft.pk)
    context = map_form.page(incident, form, shape=form.shape, limits=form.limits)
    return render(request, "registry/canvasses/canvass_new.html", context)


@requires(Permission.CANVASS)
@require_POST
def canvass_change(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Search again before sending; an approval becomes void. Too wide an area leaves the canvass as it was."""
    found = canvass_selectors.one(request.user, pk)
    incident_policies.must_be_open(found.incident)
    form = _form_of(request, found)
    try:
        changed = form.carry_out(canvass_services.change, canvass=found, by=request.user)
    except TooWide as kept:  # recorded by the act; the canvass can still be used
        messages.error(request, kept.sentence)
        return redirect("canvass", pk)
    return redirect("canvass", pk) if changed else _page(request, found, form)


@requires(Permission.CANVASS)
@require_safe
def canvass(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show a canvass, with its cameras while it is open; each camera's owner sees that it was shown."""
    found = canvass_selectors.one(request.user, pk)
    return _page(request, found)


def _form_of(request: SignedInRequest, canvass: Canvass) -> CircleForm | PolygonForm:
    shape = map_form.POLYGON if canvass.corners else map_form.CIRCLE
    return form_of(request, canvass.incident, map_form.initial_of(canvass), shape=shape)


def _page(request: SignedInRequest, found: Canvass, form: CircleForm | PolygonForm | None = None) -> HttpResponse:
    findings, looked_at = None, reply_selectors.last_look([found], request.user)
    if page.shows_cameras(found):
        findings = canvass_services.show(canvass=found, by=request.user, page=request.GET.get("page", "1"))
    else:
        canvass_services.view(canvass=found, by=request.user)
    if found.sent_at:
        replies.see(canvasses=[found], by=request.user)
    picks = LeaveOutForm() if found.state in selection.PICKABLE else None
    context = page.page(found, findings, request.user, looked_at=looked_at) | {"pick_form": picks}
    if context.get("may_change"):
        form = form or _form_of(request, found)
        context |= map_form.fields(found.incident, form, shape=form.shape, limits=form.limits)
    return render(request, "registry/canvasses/canvass.html", context)


@requires(Permission.CANVASS)
@require_safe
def canvass_sheet(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = canvass_selectors.one(request.user, pk)
    findings = canvass_services.show(canvass=found, by=request.user)
    if findings.cameras is None:
        raise Refused(findings.hidden, subject=found.subject)
    context = sheet.sheet(found, findings.cameras, request.user)
    return render(request, "registry/canvasses/canvass_sheet.html", context)


@requires(Permission.CANVASS)
@require_form
@evened
def canvass_door(request: SignedInRequest, pk: UUID, place: UUID) -> HttpResponse:
    """Record that a place of the sheet was confirmed at the door. The page shows no address: that would be an entry."""
    found = canvass_selectors.one(request.user, pk)
    if request.method == "POST":
        doors.confirm(canvass=found, by=request.user, premises=place)
        messages.success(request, _("Written down. The sheet still says what was known when you searched."))
        return redirect("canvass_door", pk, place)
    return render(request, "registry/canvasses/canvass_door.html", {"canvass": found, "incident": found.incident})


@requires(Permission.CANVASS)
@require_POST
def canvass_leave_out(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = canvass_selectors.one(request.user, pk)
    form = LeaveOutForm(request.POST)
    form.carry_out(selection.leave_out, canvass=found, by=request.user)
    _say_errors(request, form)
    return _back_to_list(request, found)


@requires(Permission.CANVASS)
@require_POST
def canvass_put_back(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = canvass_selectors.one(request.user, pk)
    form = PutBackForm(request.POST)
    form.carry_out(selection.put_back, canvass=found, by=request.user)
    _say_errors(request, form)
    return _back_to_list(request, found)


def _back_to_list(request: SignedInRequest, canvass: Canvass) -> HttpResponse:
    page, address = request.POST.get("page", ""), reverse("canvass", args=[canvass.pk])
    return redirect(f"{address}?page={page}" if page.isdecimal() else address)


def _say_errors(request: SignedInRequest, form: PutBackForm) -> None:
    for sentences in form.errors.values():
        messages.error(request, " ".join(str(sentence) for sentence in sentences))


@requires(Permission.CANVASS)
@require_POST
def canvass_send(request: SignedInRequest, pk: UUID) -> HttpResponse:
    canvass_services.send(canvass=canvass_selectors.one(request.user, pk), by=request.user)
    return redirect("canvass", pk)


@requires(Permission.CANVASS)
@require_form
@evened
def canvass_withdraw(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = canvass_selectors.one(request.user, pk)
    if request.method == "POST":
        canvass_services.withdraw(canvass=found, by=request.user)
        messages.success(request, _("Taken back. Owners who had not answered are told that nothing is needed."))
        return redirect("canvass", pk)
    return render(request, "registry/canvasses/canvass_withdraw.html", {"canvass": found, "incident": found.incident})


@requires(Permission.CANVASS)
@require_POST
@evened
def canvass_close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    canvass_services.close(canvass=canvass_selectors.one(request.user, pk), by=request.user)
    return redirect("canvass", pk)


@requires(Permission.CANVASS)
@require_safe
def canvass_replies(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Return the replies, which the page fetches every few seconds; following them is an entry now and then."""
    found = canvass_selectors.one(request.user, pk)
    canvass_services.follow(canvass=found, by=request.user)
    context = {"follow_up": page.follow_up(found, request.user, since=_looked_at(request)), "canvass": found}
    return render(request, "registry/canvasses/canvass_replies.html", context)


def _looked_at(request: SignedInRequest) -> datetime | None:
    text = request.GET.get("since", "")
    is_moment = text.isascii() and text.isdecimal() and len(text) <= DIGITS_OF_MOMENT
    return reply_selectors.BEGINNING + timedelta(microseconds=int(text)) if is_moment else None
