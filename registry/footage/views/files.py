from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from registry.footage import presenters, selectors
from registry.footage.forms.evidence import FilterForm, LookForm
from registry.footage.services import custody
from registry.footage.views import tickets
from registry.incidents.selectors import incidents

DOWNLOAD = "download"


@requires(Permission.VIEW_EVIDENCE)
@require_form
def evidence(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(request.user, pk)
    form = LookForm(request.POST or None)
    downloads = request.POST.get("act") == DOWNLOAD
    if ticket := form.carry_out(custody.download if downloads else custody.view, evidence=found, by=request.user):
        tickets.keep(request, found, ticket)
        return redirect("evidence_download", pk) if downloads else redirect(f"{reverse('evidence', args=[pk])}?play")
    custody.open_page(evidence=found, by=request.user)
    playing = tickets.is_kept(request, found)
    page = presenters.file_page(
        found, form, request.user, playing=playing and found.is_there, starts="play" in request.GET
    )
    return render(request, "registry/footage/evidence.html", page)


@requires(Permission.VIEW_EVIDENCE)
@require_safe
def evidence_list(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incidents.one(request.user, pk)
    custody.open_list(incident=incident, by=request.user)
    page = presenters.list_page(incident, FilterForm(request.GET), request.user)
    return render(request, "registry/footage/evidence_list.html", page)
