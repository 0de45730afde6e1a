from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from registry.incidents.forms.types import IncidentTypeForm, NumberFormatForm
from registry.incidents.models.types import NumberFormat
from registry.incidents.presenters import types as type_presenters
from registry.incidents.selectors import types as type_selectors
from registry.incidents.services import types as type_services

FOLDER = "registry/incidents/types"


@requires(Permission.ADMINISTER)
@require_safe
def type_list(request: SignedInRequest) -> HttpResponse:
    return render(request, f"{FOLDER}/list.html", type_presenters.types_page())


@requires(Permission.ADMINISTER)
@require_form
def type_new(request: SignedInRequest) -> HttpResponse:
    form = IncidentTypeForm(request.POST or None)
    if added := form.carry_out(type_services.add, by=request.user):
        messages.success(request, _("%(name)s is on the list.") % {"name": added.name})
        return redirect("incident_types")
    return render(request, f"{FOLDER}/new.html", {"form": form})


@requires(Permission.ADMINISTER)
@require_form
def type_change(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident_type = type_selectors.one(pk)
    form = IncidentTypeForm(request.POST or None, own=incident_type, initial=type_presenters.written(incident_type))
    if form.carry_out(type_services.change, incident_type=incident_type, by=request.user):
        messages.success(request, _("Saved. New incidents and messages use it from now on."))
        return redirect("incident_types")
    return render(request, f"{FOLDER}/change.html", {"form": form, **type_presenters.type_page(incident_type)})


@requires(Permission.ADMINISTER)
@require_POST
def type_retire(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident_type = type_selectors.one(pk)
    type_services.retire(incident_type=incident_type, by=request.user)
    messages.success(request, _("%(name)s is off the list.") % {"name": incident_type.name})
    return redirect("incident_types")


@requires(Permission.ADMINISTER)
@require_POST
def type_restore(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident_type = type_services.restore(incident_type=type_selectors.one(pk), by=request.user)
    messages.success(request, _("%(name)s is on the list.") % {"name": incident_type.name})
    return redirect("incident_types")


@requires(Permission.ADMINISTER)
@require_form
def number_format(request: SignedInRequest) -> HttpResponse:
    """Set the format of incident numbers. The button "Show examples" changes nothing yet."""
    form = NumberFormatForm(request.POST or None, initial={"pattern": NumberFormat.current()})
    chosen = None if "show" in request.POST else form.carry_out(type_services.set_number_format, by=request.user)
    if chosen:
        messages.success(request, _("New incident numbers are written like this from now on."))
        return redirect("incident_types")
    pattern = str(form["pattern"].value() or "").strip()
    context = {"form": form, "examples": type_presenters.examples(pattern), "changes": type_presenters.formats()}
    return render(request, f"{FOLDER}/format.html", context)


@requires(Permission.ADMINISTER)
@require_safe
def number_examples(request: SignedInRequest) -> HttpResponse:
    shown = type_presenters.examples(request.GET.get("pattern", "").strip())
    return render(request, f"{FOLDER}/examples.html", {"examples": shown})
