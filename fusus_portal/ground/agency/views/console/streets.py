from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.held_files import refusal
from fusus_portal.ground.serving.lanes import takes_files
from fusus_portal.ground.streets import presenters, selectors
from fusus_portal.ground.streets.file_forms import takes_street_files
from fusus_portal.ground.streets.forms import StreetFilesForm
from fusus_portal.ground.streets.services import loads, uploads


@takes_files
@takes_street_files
@requires(Permission.ADMINISTER)
@require_form
def street_list(request: SignedInRequest) -> HttpResponse:
    form = StreetFilesForm(request.POST or None, request.FILES or None)
    if data := form.carry_out(uploads.upload, by=request.user):
        return redirect("street_data", data.pk)
    if why := refusal(request):
        form.errors["uploaded"] = form.error_class([why])
    lines = presenters.lines_of(selectors.loadings())
    return render(request, "console/admin/streets.html", {"form": form, "lines": lines})


@requires(Permission.ADMINISTER)
@require_safe
def street_data(request: SignedInRequest, pk: int) -> HttpResponse:
    return render(request, "console/admin/street_data.html", presenters.page(selectors.loading(pk)))


@requires(Permission.ADMINISTER)
@require_safe
def street_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    return render(request, "console/admin/street_progress.html", presenters.how_far(selectors.loading(pk)))


@privileged
@requires(Permission.ADMINISTER)
@require_POST
def street_use(request: SignedInRequest, pk: int) -> HttpResponse:
    data = loads.use(data=selectors.loading(pk), by=request.user)
    messages.success(request, _("In use. What was in use before is kept to go back to."))
    return redirect("street_data", data.pk)


@requires(Permission.ADMINISTER)
@require_POST
def street_discard(request: SignedInRequest, pk: int) -> HttpResponse:
    loads.discard(data=selectors.loading(pk), by=request.user)
    messages.success(request, _("Discarded. What people search has not changed."))
    return redirect("street_list")
