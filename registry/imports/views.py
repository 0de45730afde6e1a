from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, requires
from fusus_portal.ground.access.limits import limit
from fusus_portal.ground.access.refusals import private_page, speak_language
from fusus_portal.ground.access.requests import require_form
from fusus_portal.ground.accounts.forms import ForgottenPasswordForm
from fusus_portal.ground.held_files import refusal
from fusus_portal.ground.pages.acts import ActPage, Way
from fusus_portal.ground.serving.lanes import sends_files
from fusus_portal.ground.table_forms import takes_table
from registry.imports import presenters, selectors
from registry.imports.forms import ColumnsForm, ExportForm, ImportTableForm, NumberForm
from registry.imports.links import claimable, invitation_of
from registry.imports.models import Imported, ImportInvitation
from registry.imports.services import exports, imports, people
from registry.imports.states import ImportState

UNLISTED = "registry/imports/people/base.html"


@takes_table
@requires(Permission.ADMINISTER, FORM)
def import_list(request: SignedInRequest) -> HttpResponse:
    form = ImportTableForm(request.POST or None, request.FILES or None)
    if batch := form.carry_out(imports.upload, by=request.user):
        return redirect("import_columns", batch.pk)
    if why := refusal(request):
        form.errors["file"] = form.error_class([why])
    return render(request, "registry/imports/list.html", {"form": form, "table": presenters.table(selectors.batches())})


@requires(Permission.ADMINISTER, FORM)
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


@requires(Permission.ADMINISTER, SAFE)
def import_batch(request: SignedInRequest, pk: UUID) -> HttpResponse:
    batch = selectors.batch(pk)
    rows = imports.show(batch=batch, by=request.user) if batch.state == ImportState.CHECKED else []
    return render(request, "registry/imports/batch.html", presenters.page(batch, rows))


@requires(Permission.ADMINISTER, SAFE)
def import_progress(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return render(request, "registry/imports/progress.html", presenters.progress(selectors.batch(pk)))


@privileged
@requires(Permission.ADMINISTER, POST)
def import_start(request: SignedInRequest, pk: UUID) -> HttpResponse:
    imports.start(batch=selectors.batch(pk), by=request.user)
    messages.success(request, _("The import runs. You can leave this page and come back."))
    return redirect("import_batch", pk)


@requires(Permission.ADMINISTER, POST)
def import_discard(request: SignedInRequest, pk: UUID) -> HttpResponse:
    imports.discard(batch=selectors.batch(pk), by=request.user)
    messages.success(request, _("Discarded. The file is deleted, and nothing of it came in."))
    return redirect("import_list")


@privileged
@requires(Permission.ADMINISTER, FORM)
def import_undo(request: SignedInRequest, pk: UUID) -> HttpResponse:
    batch = selectors.batch(pk)
    if request.method == "POST":
        imports.undo(batch=batch, by=request.user)
        messages.success(request, _("The import is being undone. You can leave this page and come back."))
        return redirect("import_batch", pk)
    return presenters.undoing(batch).answer(request)


@sends_files
@requires(Permission.ADMINISTER, SAFE)
def import_faults(request: SignedInRequest, pk: UUID) -> StreamingHttpResponse:
    """Hand over the faults of an import as CSV: row numbers and sentences, no personal data."""
    batch = selectors.batch(pk)
    headers = {"Content-Disposition": f'attachment; filename="{batch.number}-errors.csv"'}
    return StreamingHttpResponse(
        presenters.faults_as_csv(batch), content_type="text/csv; charset=utf-8", headers=headers
    )


@privileged
@requires(Permission.ADMINISTER, FORM)
def import_write(request: SignedInRequest, pk: UUID) -> HttpResponse:
    batch = selectors.batch(pk)
    form = NumberForm(request.POST or None)
    if form.carry_out(imports.write_to_people, batch=batch, by=request.user):
        messages.success(request, _("The e-mails go out now, 250 a minute."))
        return redirect("import_batch", pk)
    return presenters.writing(batch).answer(request, form)


@requires(Permission.ADMINISTER, SAFE)
def registry_counts(request: SignedInRequest) -> HttpResponse:
    return render(request, "registry/imports/counts.html", {"counts": selectors.latest_counts()})


@privileged
@requires(Permission.ADMINISTER, FORM)
def registry_exports(request: SignedInRequest) -> HttpResponse:
    form = ExportForm(request.POST or None)
    if form.carry_out(exports.propose, by=request.user):
        messages.success(request, _("Proposed. Another administrator approves it, then the file is made."))
        return redirect("registry_exports")
    lines = [presenters.export_line(export, request.user) for export in selectors.exports()]
    return render(request, "registry/imports/exports.html", {"form": form, "lines": lines})


@privileged
@requires(Permission.ADMINISTER, POST)
def export_approve(request: SignedInRequest, pk: UUID) -> HttpResponse:
    exports.approve(export=selectors.export(pk), by=request.user)
    messages.success(request, _("Approved. The file is being made, and every owner reads of it in their log."))
    return redirect("registry_exports")


@privileged
@requires(Permission.ADMINISTER, POST)
def export_cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    exports.cancel(export=selectors.export(pk), by=request.user)
    messages.success(request, _("Canceled. Nothing was copied."))
    return redirect("registry_exports")


@sends_files
@privileged
@requires(Permission.ADMINISTER, POST)
def export_take(request: SignedInRequest, pk: UUID) -> FileResponse:
    file = exports.take(export=selectors.export(pk), by=request.user)
    return FileResponse(file, as_attachment=True, filename="registry.zip", content_type="application/zip")


behind_link = private_page("registry/imports/people/over.html")
"""Decorator of pages that a link of an import names. No search engine or cache keeps them."""


def _invitation(request: HttpRequest, token: str) -> ImportInvitation:
    found = invitation_of(token)
    speak_language(found.language, request)
    return found


def _imported(request: HttpRequest, token: str) -> Imported:
    found = claimable(token)
    speak_language(found.registrant.language, request)
    return found


@require_form
@behind_link
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Say why the office writes, and offer to register or to be deleted. Nothing of the person is shown."""
    context = {"token": token, "until": _invitation(request, token).kept_until}
    return render(request, "registry/imports/people/invited.html", context)


@require_form
@limit("invited", "30/m")
@behind_link
def invited_no(request: HttpRequest, token: str) -> HttpResponse:
    invitation = _invitation(request, token)
    if request.method == "POST":
        people.decline(invitation=invitation)
        return render(request, "registry/imports/people/gone.html")
    return ActPage(
        title=_("Camera registry"),
        heading=_("Delete what we have about you?"),
        intro=_(
            "Your name, address and e-mail address from the old list are deleted at once, and no later list "
            "brings you back. We won't write to you about this again."
        ),
        label=_("Yes, delete me"),
        way=Way(reverse("invited", args=[token])),
        base=UNLISTED,
    ).answer(request)


@require_form
@limit("claim", "10/m")
@behind_link
def claim(request: HttpRequest, token: str) -> HttpResponse:
    imported = _imported(request, token)
    if request.method == "POST":
        form = ForgottenPasswordForm({"email": imported.registrant.user.email})
        if form.is_valid():
            with transaction.atomic():
                form.save(request)
            return redirect("account_reset_password_done")
    return render(request, "registry/imports/people/claim.html", {"token": token, "imported": imported})


@require_form
@limit("claim", "10/m")
@behind_link
def claim_no(request: HttpRequest, token: str) -> HttpResponse:
    """Remove an imported person after a press of the button. Leaving needs no password."""
    registrant = _imported(request, token).registrant
    if request.method == "POST":
        people.leave(registrant=registrant)
        return render(request, "registry/imports/people/gone.html")
    intro = _(
        "Registration %(number)s is deleted at once: name, address, cameras and e-mail address. No later "
        "list brings you back. You get a receipt by e-mail."
    )
    return ActPage(
        title=_("Camera registry"),
        heading=_("Leave the registry?"),
        intro=intro % {"number": registrant.reference},
        label=_("Leave and delete my data"),
        kind="secondary",
        way=Way(reverse("claim", args=[token]), cancel=_("Stay registered")),
        base=UNLISTED,
    ).answer(request)
