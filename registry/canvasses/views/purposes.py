from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from registry.canvasses.forms.canvasses import PurposeForm
from registry.canvasses.selectors import purposes as purpose_selectors
from registry.canvasses.services import purposes as purpose_services


@requires(Permission.ADMINISTER)
@require_form
def purposes(request: SignedInRequest) -> HttpResponse:
    form = PurposeForm(request.POST or None)
    if form.carry_out(purpose_services.add, by=request.user):
        messages.success(request, _("Added. New canvasses can have this purpose."))
        return redirect("purposes")
    return render(
        request, "registry/canvasses/purposes.html", {"form": form, "purposes": purpose_selectors.everything()}
    )


@requires(Permission.ADMINISTER)
@require_form
def purpose(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = purpose_selectors.one(pk)
    form = PurposeForm(request.POST or None, own=found, initial={"name": found.name, "name_es": found.name_es})
    if form.carry_out(purpose_services.change, purpose=found, by=request.user):
        messages.success(request, _("Saved."))
        return redirect("purposes")
    return render(request, "registry/canvasses/purpose.html", {"form": form, "purpose": found})


@requires(Permission.ADMINISTER)
@require_POST
def purpose_retire(request: SignedInRequest, pk: UUID) -> HttpResponse:
    purpose_services.retire(purpose=purpose_selectors.one(pk), by=request.user)
    messages.success(request, _("Off the list. Canvasses that have it keep it."))
    return redirect("purposes")


@requires(Permission.ADMINISTER)
@require_POST
def purpose_restore(request: SignedInRequest, pk: UUID) -> HttpResponse:
    purpose_services.restore(purpose=purpose_selectors.one(pk), by=request.user)
    messages.success(request, _("Back on the list."))
    return redirect("purposes")
