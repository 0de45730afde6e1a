from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from integration.cores import selectors
from integration.cores.forms.core_models import CoreModelForm
from integration.cores.presenters import core_models as core_model_presenters
from integration.cores.services import core_models as core_model_services

FOLDER = "integration/cores/kinds"


@requires(Permission.ADMINISTER)
@require_form
def core_models(request: SignedInRequest) -> HttpResponse:
    form = CoreModelForm(request.POST or None)
    if form.carry_out(core_model_services.add, by=request.user):
        messages.success(request, _("Added. Clerks can receive COREs of this kind."))
        return redirect("core_models")
    return render(request, f"{FOLDER}/list.html", {"form": form, "models": selectors.models()})


@requires(Permission.ADMINISTER)
@require_form
def core_model(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.model(pk)
    known = {name: getattr(found, name) for name in CoreModelForm.base_fields}
    form = CoreModelForm(request.POST or None, own=found, initial=known)
    if form.carry_out(core_model_services.change, model=found, by=request.user):
        messages.success(request, _("Saved."))
        return redirect("core_models")
    return render(
        request, f"{FOLDER}/one.html", {"form": form, "model": found, "changes": core_model_presenters.changes(found)}
    )


@requires(Permission.ADMINISTER)
@require_POST
def core_model_retire(request: SignedInRequest, pk: UUID) -> HttpResponse:
    core_model_services.retire(model=selectors.model(pk), by=request.user)
    messages.success(request, _("No more of this kind can be received. Those that you have keep working."))
    return redirect("core_models")
