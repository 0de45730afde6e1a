"""Outreach leads, for administrators: numbers first, a person only for a reason. The person can withdraw a lead."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from registry.other_counties import models, presenters, selectors
from registry.other_counties.forms.leads import NoteForm, StepForm, WhyForm
from registry.other_counties.services import leads as lead_services


@requires(Permission.ADMINISTER)
@require_safe
def leads(request: SignedInRequest) -> HttpResponse:
    return render(request, "registry/other_counties/leads/counties.html", {"counties": presenters.counties()})


@requires(Permission.ADMINISTER)
@require_safe
def leads_of_county(request: SignedInRequest, county_fips: str) -> HttpResponse:
    context = {
        "leads": selectors.leads_of_county(county_fips),
        "county": models.county_name(county_fips),
        "neighbor": selectors.agency_of(county_fips),
    }
    return render(request, "registry/other_counties/leads/county.html", context)


@requires(Permission.ADMINISTER)
@require_safe
def lead(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _page(request, pk)


@requires(Permission.ADMINISTER)
@require_POST
def lead_step(request: SignedInRequest, pk: UUID) -> HttpResponse:
    form = StepForm(request.POST)
    if form.is_valid():
        done = lead_services.advance(lead=selectors.lead(pk), by=request.user, target=form.cleaned_data["target"])
        messages.success(request, _("%(number)s: %(state)s.") % {"number": done, "state": done.get_state_display()})
    return redirect("lead", pk)


@requires(Permission.ADMINISTER)
@require_POST
def lead_note(request: SignedInRequest, pk: UUID) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid() or not form.carry_out(lead_services.note, lead=selectors.lead(pk), by=request.user):
        return _page(request, pk, status=422, note_form=form)
    return redirect("lead", pk)


@requires(Permission.ADMINISTER)
@require_POST
def lead_person(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the person, on this answer only, after the entry of the look."""
    form = WhyForm(request.POST)
    if form.is_valid():
        person = form.carry_out(lead_services.show_person, lead=selectors.lead(pk), by=request.user)
        if person:
            return _page(request, pk, person=person)
    return _page(request, pk, status=422, why_form=form)


@requires(Permission.OWN_REGISTRATION)
@require_POST
def withdraw(request: SignedInRequest, pk: UUID) -> HttpResponse:
    lead = lead_services.withdraw(lead=selectors.own_lead(request.user, pk), by=request.user)
    messages.success(
        request, _("Taken back: %(number)s. Nobody will write to you about it.") % {"number": lead.reference}
    )
    return redirect("profile")


def _page(request: SignedInRequest, pk: UUID, *, status: int = 200, **more: object) -> HttpResponse:
    found = selectors.lead(pk)
    context = {
        "lead": found,
        "steps": presenters.steps(found),
        "neighbor": selectors.agency_of(found.county_fips),
        "note_form": NoteForm(),
        "why_form": WhyForm(),
    }
    return render(request, "registry/other_counties/leads/lead.html", context | more, status=status)
