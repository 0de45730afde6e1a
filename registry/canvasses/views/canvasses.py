"""Canvasses in the console: draw, look, pick, send, follow up, end."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.access import Permission, requires
from fusus_portal.access.evened import evened
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from fusus_portal.lifecycle import Refused
from registry.forms.canvasses import LeaveOutForm, PutBackForm
from registry.policies import incidents as incident_policy
from registry.presenters import canvass_drawing, canvass_page
from registry.presenters import canvass_sheet as canvass_sheets
from registry.selectors import canvasses as known
from registry.selectors import incidents as known_incidents
from registry.services import canvasses, picking


@requires(Permission.CANVASS)
@require_form
def canvass_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Draw a circle or a polygon and search it."""
    incident = known_incidents.one(request.user, pk)
    incident_policy.must_be_open(incident)
    form = canvass_drawing.form_of(request, incident, canvass_drawing.initial(incident))
    if form.is_valid():
        try:
            draft = canvasses.draft(incident=incident, by=request.user, wanted=form.wanted())
        except ValidationError as error:
            form.add_refusal(error)
        else:
            return redirect("canvass", draft.pk)
    return render(request, "registry/console/canvass_new.html", canvass_drawing.page(incident, form))


@requires(Permission.CANVASS)
@require_form
def canvass_change(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Draw it anew before it is sent; what was approved is void then."""
    found = known.one(request.user, pk)
    incident_policy.must_be_open(found.incident)
    shape = "polygon" if found.corners else "circle"
    form = canvass_drawing.form_of(request, found.incident, canvass_drawing.initial_of(found), shape=shape)
    if form.is_valid():
        try:
            canvasses.change(canvass=found, by=request.user, wanted=form.wanted())
        except ValidationError as error:
            form.add_refusal(error)
        else:
            return redirect("canvass", pk)
    return render(request, "registry/console/canvass_new.html", canvass_drawing.page(found.incident, form, found))


@requires(Permission.CANVASS)
@require_safe
def canvass(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show a canvass, with its cameras while it is open; each camera's owner sees that it was shown."""
    found = known.one(request.user, pk)
    findings = None
    if canvass_page.shows_cameras(found):
        findings = canvasses.show(canvass=found, by=request.user)
    else:
        canvasses.view(canvass=found, by=request.user)
    return render(request, "registry/console/canvass.html", canvass_page.page(found, findings, request.user))


@requires(Permission.CANVASS)
@require_safe
def canvass_sheet(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the addresses as a sheet to print; each camera's owner sees that they were shown."""
    found = known.one(request.user, pk)
    findings = canvasses.show(canvass=found, by=request.user)
    if findings.cameras is None:
        raise Refused(findings.hidden, subject=found.subject)
    context = canvass_sheets.sheet(found, findings.cameras, request.user)
    return render(request, "registry/console/canvass_sheet.html", context)


@requires(Permission.CANVASS)
@require_POST
def canvass_leave_out(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Leave cameras out of it, with the reason."""
    found = known.one(request.user, pk)
    form = LeaveOutForm(request.POST)
    if form.is_valid():
        chosen = form.cleaned_data["cameras"]
        try:
            picking.leave_out(canvass=found, by=request.user, cameras=chosen, why=form.cleaned_data["why"])
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
    _say_errors(request, form)
    return redirect("canvass", pk)


@requires(Permission.CANVASS)
@require_POST
def canvass_put_back(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Put cameras back into it."""
    found = known.one(request.user, pk)
    form = PutBackForm(request.POST)
    if form.is_valid():
        picking.put_back(canvass=found, by=request.user, cameras=form.cleaned_data["cameras"])
    _say_errors(request, form)
    return redirect("canvass", pk)


def _say_errors(request: SignedInRequest, form: PutBackForm) -> None:
    for sentences in form.errors.values():
        messages.error(request, " ".join(str(sentence) for sentence in sentences))


@requires(Permission.CANVASS)
@require_POST
def canvass_send(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask the owners. Sending twice sends once."""
    canvasses.send(canvass=known.one(request.user, pk), by=request.user)
    return redirect("canvass", pk)


@requires(Permission.CANVASS)
@require_form
@evened
def canvass_withdraw(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take back all that waits, at once, after a page that says what it means."""
    found = known.one(request.user, pk)
    if request.method == "POST":
        canvasses.withdraw(canvass=found, by=request.user)
        messages.success(request, _("Taken back. Owners who had not answered are told that nothing is needed."))
        return redirect("canvass", pk)
    return render(request, "registry/console/canvass_withdraw.html", {"canvass": found, "incident": found.incident})


@requires(Permission.CANVASS)
@require_POST
@evened
def canvass_close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """End a canvass; what still waits for an answer is withdrawn."""
    canvasses.close(canvass=known.one(request.user, pk), by=request.user)
    return redirect("canvass", pk)


@requires(Permission.CANVASS)
@require_safe
def canvass_replies(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Return the replies as a fragment that the page fetches by itself; following is an entry, once in a while."""
    found = known.one(request.user, pk)
    canvasses.follow(canvass=found, by=request.user)
    context = {"follow_up": canvass_page.follow_up(found), "canvass": found}
    return render(request, "registry/console/canvass_replies.html", context)
