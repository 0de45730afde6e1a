from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.held_files import refusal
from fusus_portal.ground.table_forms import takes_table
from fusus_portal.ground.tables.archive import BYTE_ORDER_MARK, as_csv
from registry.other_counties import selectors
from registry.other_counties.forms.agencies import COLUMNS, AgencyTableForm, OneAgencyForm, known
from registry.other_counties.services import agencies as agency_services

ROWS_A_PAGE = 50
MOST_ERRORS = 100


@requires(Permission.ADMINISTER)
@require_safe
def agencies(request: SignedInRequest) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", "").strip()[:80]
    page = Paginator(selectors.agencies_found(text), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "registry/other_counties/agencies/list.html", {"page": page, "q": text})


@requires(Permission.ADMINISTER)
@require_form
def agency_new(request: SignedInRequest) -> HttpResponse:
    form = OneAgencyForm(request.POST or None)
    if agency := form.carry_out(agency_services.add, by=request.user):
        messages.success(request, _("Added: %(name)s.") % {"name": agency.name})
        return redirect("county_agencies")
    return render(request, "registry/other_counties/agencies/agency.html", {"form": form})


@requires(Permission.ADMINISTER)
@require_form
def agency(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.agency(pk)
    form = OneAgencyForm(request.POST or None, own=found, initial=known(found))
    if form.carry_out(agency_services.change, agency=found, by=request.user):
        messages.success(request, _("Saved."))
        return redirect("county_agencies")
    return render(request, "registry/other_counties/agencies/agency.html", {"form": form, "neighbor": found})


@requires(Permission.ADMINISTER)
@require_form
def agency_remove(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.agency(pk)
    if request.method == "POST":
        agency_services.remove(agency=found, by=request.user)
        messages.success(request, _("Removed: %(name)s.") % {"name": found.name})
        return redirect("county_agencies")
    return render(request, "registry/other_counties/agencies/remove.html", {"neighbor": found})


@takes_table
@requires(Permission.ADMINISTER)
@require_form
def agencies_import(request: SignedInRequest) -> HttpResponse:
    form = AgencyTableForm(request.POST or None, request.FILES)
    if not form.is_valid():
        if form.is_bound and (why := refusal(request)):
            form.errors["text"] = form.error_class([why])
        return render(request, "registry/other_counties/agencies/import.html", {"form": form})
    read = form.table
    if "confirm" in request.POST and not read.errors:
        done = agency_services.import_rows(by=request.user, rows=read.rows)
        messages.success(request, _("Imported: %(added)d added, %(changed)d changed, %(same)d as they were.") % done)
        return redirect("county_agencies")
    context = {"form": form, "table": read, "errors": read.errors[:MOST_ERRORS]}
    return render(request, "registry/other_counties/agencies/preview.html", context)


@requires(Permission.ADMINISTER)
@require_POST
def agencies_export(request: SignedInRequest) -> HttpResponse:
    agency_services.export(by=request.user)
    rows = [known(each) for each in selectors.agencies_found("")] or [dict.fromkeys(COLUMNS, "")]
    headers = {"Content-Disposition": 'attachment; filename="agencies-by-county.csv"'}
    return HttpResponse(BYTE_ORDER_MARK + as_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)
