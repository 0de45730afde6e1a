"""Imports, for administrators. The pages show counts and errors, never a list of homes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.held_files import refusal
from fusus_portal.ground.serving.lanes import sends_files
from fusus_portal.ground.table_forms import takes_table
from registry.imports import presenters, selectors
from registry.imports.forms import ColumnsForm, ImportTableForm, NumberForm
from registry.imports.services import imports
from registry.imports.states import ImportState


@takes_table
@requires(Permission.ADMINISTER)
@require_form
def import_list(request: SignedInRequest) -> HttpResponse:
    form = ImportTableForm(request.POST or None, request.FILES or None)
    if batch := form.carry_out(imports.upload, by=request.user):
        return redirect("import_columns", batch.pk)
    if why := refusal(request):
        form.errors["file"] = form.error_class([why])
    lines = presenters.lines_of(selectors.batches())
    return render(request, "registry/imports/list.html", {"form": form, "lines": lines})


@requires(Permission.ADMINISTER)
@require_form
def import_columns(request: SignedInRequest, pk: UUID) -> HttpResponse:
    batch = selectors.batch(pk)
    if batch.state not in (ImportState.UPLOADED, ImportState.CHECKED):
        return redirect("import_batch", pk)
    columns, points = presenters.first_guess(batch)
    form = ColumnsForm(request.POST or None, header=batch.header, columns=columns, initial={"points": points})
    if form.carry_out(imports.check, batch=batch, by=request.user):
        return redirect("import_batch", pk)
    rows = imports.show(batch=batch, by=request.user)
    return render(request, "registry/imports/columns.html", {"batch": batch, "form": form, "rows": rows})


@requires(Permission.ADMINISTER)
@require_safe
def import_batch(request: SignedInRequest, pk: UUID) -> HttpResponse:
    batch = selectors.batch(pk)
    rows = imports.show(batch=batch, by=request.user) if batch.state == ImportState.CHECKED else []
    return render(request, "registry/imports/batch.html", presenters.page(batch, rows))


@requires(Permission.ADMINISTER)
@require_safe
def import_progress(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return render(request, "registry/imports/progress.html", presenters.progress(selectors.batch(pk)))


@privileged
@requires(Permission.ADMINISTER)
@require_POST
def import_start(request: SignedInRequest, pk: UUID) -> HttpResponse:
    imports.start(batch=selectors.batch(pk), by=request.user)
    messages.success(request, _("The import runs. You can leave this page and come back."))
    return redirect("import_batch", pk)


@requires(Permission.ADMINISTER)
@require_POST
def import_discard(request: SignedInRequest, pk: UUID) -> HttpResponse:
    imports.discard(batch=selectors.batch(pk), by=request.user)
    messages.success(request, _("Discarded. The file is deleted, and nothing of it came in."))
    return redirect("import_list")


@privileged
@requires(Permission.ADMINISTER)
@require_form
def import_undo(request: SignedInRequest, pk: UUID) -> HttpResponse:
    batch = selectors.batch(pk)
    if request.method == "POST":
        imports.undo(batch=batch, by=request.user)
        messages.success(request, _("The import is being undone. You can leave this page and come back."))
        return redirect("import_batch", pk)
    untouched = selectors.untouched(batch).count()
    context = {"batch": batch, "untouched": untouched, "kept": batch.registrations.count() - untouched}
    return render(request, "registry/imports/undo.html", context)


@sends_files
@requires(Permission.ADMINISTER)
@require_safe
def import_faults(request: SignedInRequest, pk: UUID) -> StreamingHttpResponse:
    """Hand over the faults, row by row: row numbers and sentences, no personal data."""
    batch = selectors.batch(pk)
    headers = {"Content-Disposition": f'attachment; filename="{batch.number}-errors.csv"'}
    return StreamingHttpResponse(
        presenters.faults_as_csv(batch), content_type="text/csv; charset=utf-8", headers=headers
    )


@privileged
@requires(Permission.ADMINISTER)
@require_form
def import_write(request: SignedInRequest, pk: UUID) -> HttpResponse:
    batch = selectors.batch(pk)
    form = NumberForm(request.POST or None)
    if form.carry_out(imports.write_to_people, batch=batch, by=request.user):
        messages.success(request, _("The e-mails go out now, 250 a minute."))
        return redirect("import_batch", pk)
    return render(request, "registry/imports/write.html", {"form": form, **presenters.writing(batch)})


@requires(Permission.ADMINISTER)
@require_safe
def registry_counts(request: SignedInRequest) -> HttpResponse:
    return render(request, "registry/imports/counts.html", {"counts": selectors.latest_counts()})
