from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, requires
from fusus_portal.ground.held_files import refusal
from fusus_portal.ground.pages.acts import ActPage, Way
from fusus_portal.ground.pages.components import LIST
from fusus_portal.ground.table_forms import takes_table
from fusus_portal.ground.tables import BYTE_ORDER_MARK, as_csv
from registry.other_counties import forms, models, presenters, selectors, services

ROWS_A_PAGE = 50
MOST_ERRORS = 100


@requires(Permission.ADMINISTER, SAFE)
def agencies(request: SignedInRequest) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", "").strip()[:80]
    page = Paginator(selectors.agencies_found(text), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "registry/other_counties/agencies/list.html", {"page": page, "q": text})


@requires(Permission.ADMINISTER, FORM)
def agency_new(request: SignedInRequest) -> HttpResponse:
    form = forms.OneAgencyForm(request.POST or None)
    if agency := form.carry_out(services.add_agency, by=request.user):
        messages.success(request, _("Added: %(name)s.") % {"name": agency.name})
        return redirect("county_agencies")
    return render(request, "registry/other_counties/agencies/agency.html", {"form": form})


@requires(Permission.ADMINISTER, FORM)
def agency(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.agency(pk)
    known = model_to_dict(found, forms.AGENCY_COLUMNS)
    form = forms.OneAgencyForm(request.POST or None, own=found, initial=known)
    if form.carry_out(services.change_agency, agency=found, by=request.user):
        messages.success(request, _("Saved."))
        return redirect("county_agencies")
    return render(request, "registry/other_counties/agencies/agency.html", {"form": form, "neighbor": found})


@requires(Permission.ADMINISTER, FORM)
def agency_remove(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.agency(pk)
    if request.method == "POST":
        services.remove_agency(agency=found, by=request.user)
        messages.success(request, _("Removed: %(name)s.") % {"name": found.name})
        return redirect("county_agencies")
    intro = _(
        "%(name)s will be gone from the table. People who move to %(county)s are then told to ask the sheriff there."
    )
    return ActPage(
        title=_("Remove this agency"),
        heading=_("Remove this agency?"),
        intro=intro % {"name": found.name, "county": found.county_name},
        label=_("Remove"),
        kind="secondary",
        way=Way(reverse("county_agency", args=[pk]), found.name, _("Keep it")),
    ).answer(request)


@takes_table
@requires(Permission.ADMINISTER, FORM)
def agencies_import(request: SignedInRequest) -> HttpResponse:
    form = forms.AgencyTableForm(request.POST or None, request.FILES)
    if not form.is_valid():
        if form.is_bound and (why := refusal(request)):
            form.errors["text"] = form.error_class([why])
        return ActPage(
            title=_("Import a table"),
            intro=_(
                "CSV with one row for each county. You see what it would do before it counts. A county that has an "
                "agency gets the new details; importing the same table twice changes nothing."
            ),
            label=_("Check the table"),
            way=Way(reverse("county_agencies"), _("Agencies by county"), _("Cancel")),
        ).answer(request, form)
    if "confirm" in request.POST and not form.faults:
        done = services.import_agencies(by=request.user, rows=form.rows)
        messages.success(request, _("Imported: %(added)d added, %(changed)d changed, %(same)d as they were.") % done)
        return redirect("county_agencies")
    context = {"form": form, "faults": form.faults[:MOST_ERRORS]}
    return render(request, "registry/other_counties/agencies/preview.html", context)


@requires(Permission.ADMINISTER, POST)
def agencies_export(request: SignedInRequest) -> HttpResponse:
    services.export_agencies(by=request.user)
    none = dict.fromkeys(forms.AGENCY_COLUMNS, "")
    rows = list(selectors.agencies_found("").values(*forms.AGENCY_COLUMNS)) or [none]
    headers = {"Content-Disposition": 'attachment; filename="agencies-by-county.csv"'}
    return HttpResponse(BYTE_ORDER_MARK + as_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)


@requires(Permission.ADMINISTER, SAFE)
def leads(request: SignedInRequest) -> HttpResponse:
    return render(request, LIST, {"list": presenters.counties()})


@requires(Permission.ADMINISTER, SAFE)
def leads_of_county(request: SignedInRequest, county_fips: str) -> HttpResponse:
    context = {
        "table": presenters.lead_table(selectors.leads_of_county(county_fips)),
        "county": models.county_name(county_fips),
        "neighbor": selectors.agency_of(county_fips),
    }
    return render(request, "registry/other_counties/leads/county.html", context)


@requires(Permission.ADMINISTER, SAFE)
def lead(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _lead_page(request, pk)


@requires(Permission.ADMINISTER, POST)
def lead_step(request: SignedInRequest, pk: UUID) -> HttpResponse:
    form = forms.StepForm(request.POST)
    if form.is_valid():
        done = services.advance_lead(lead=selectors.lead(pk), by=request.user, target=form.cleaned_data["target"])
        messages.success(request, _("%(number)s: %(state)s.") % {"number": done, "state": done.get_state_display()})
    return redirect("lead", pk)


@requires(Permission.ADMINISTER, POST)
def lead_note(request: SignedInRequest, pk: UUID) -> HttpResponse:
    form = forms.NoteForm(request.POST)
    if not form.is_valid() or not form.carry_out(services.note_lead, lead=selectors.lead(pk), by=request.user):
        return _lead_page(request, pk, status=422, note_form=form)
    return redirect("lead", pk)


@requires(Permission.ADMINISTER, POST)
def lead_person(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show a lead's person, for a reason, on this answer only, after the entry of the look."""
    form = forms.WhyForm(request.POST)
    if form.is_valid():
        person = form.carry_out(services.show_lead_person, lead=selectors.lead(pk), by=request.user)
        if person:
            return _lead_page(request, pk, person=person)
    return _lead_page(request, pk, status=422, why_form=form)


@requires(Permission.OWN_REGISTRATION, POST)
def lead_withdraw(request: SignedInRequest, pk: UUID) -> HttpResponse:
    lead = services.withdraw_lead(lead=selectors.own_lead(request.user, pk), by=request.user)
    messages.success(
        request, _("Taken back: %(number)s. Nobody will write to you about it.") % {"number": lead.reference}
    )
    return redirect("profile_account")


def _lead_page(request: SignedInRequest, pk: UUID, *, status: int = 200, **more: object) -> HttpResponse:
    found = selectors.lead(pk)
    context = {
        "lead": found,
        "steps": presenters.steps(found),
        "neighbor": selectors.agency_of(found.county_fips),
        "note_form": forms.NoteForm(),
        "why_form": forms.WhyForm(),
    }
    return render(request, "registry/other_counties/leads/lead.html", context | more, status=status)
