from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.serving.lanes import sends_files
from registry.imports import presenters, selectors
from registry.imports.forms import ExportForm
from registry.imports.services import exports


@privileged
@requires(Permission.ADMINISTER)
@require_form
def registry_exports(request: SignedInRequest) -> HttpResponse:
    form = ExportForm(request.POST or None)
    if form.carry_out(exports.propose, by=request.user):
        messages.success(request, _("Proposed. Another administrator approves it, then the file is made."))
        return redirect("registry_exports")
    lines = [presenters.export_line(export, request.user) for export in selectors.exports()]
    return render(request, "registry/imports/exports.html", {"form": form, "lines": lines})


@privileged
@requires(Permission.ADMINISTER)
@require_POST
def export_approve(request: SignedInRequest, pk: UUID) -> HttpResponse:
    exports.approve(export=selectors.export(pk), by=request.user)
    messages.success(request, _("Approved. The file is being made, and every owner reads of it in their log."))
    return redirect("registry_exports")


@privileged
@requires(Permission.ADMINISTER)
@require_POST
def export_cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    exports.cancel(export=selectors.export(pk), by=request.user)
    messages.success(request, _("Canceled. Nothing was copied."))
    return redirect("registry_exports")


@sends_files
@privileged
@requires(Permission.ADMINISTER)
@require_POST
def export_take(request: SignedInRequest, pk: UUID) -> FileResponse:
    file = exports.take(export=selectors.export(pk), by=request.user)
    return FileResponse(file, as_attachment=True, filename="registry.zip", content_type="application/zip")
