from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.serving.lanes import sends_files
from registry.letters import selectors
from registry.letters.services import batches


@requires(Permission.SEND_LETTERS)
@require_safe
def letter_batches(request: SignedInRequest) -> HttpResponse:
    context = {"batches": selectors.batches(), "waiting": selectors.waiting()}
    return render(request, "registry/letters/batches.html", context)


@sends_files
@requires(Permission.SEND_LETTERS)
@require_POST
def letter_batch_open(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    batch = selectors.batch(pk)
    ticket = batches.open_once(batch=batch, by=request.user)
    file = batches.file_of(batch=batch, by=request.user, ticket=ticket)
    name = f"letters-{batch.made_at:%Y-%m-%d}.pdf"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")
