"""Breaking the glass: two people, without a supervisor, once. Each shows password and second factor again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from integration.critical import presenters, selectors
from integration.critical.forms import GlassForm, JustificationForm
from integration.critical.models import Declaration
from integration.critical.policies import declarations
from integration.critical.services import break_glass
from integration.sharing.policies.consent import GLASS_TERMS
from registry.incidents import selectors as incidents
from registry.incidents.policies.incidents import may_work_on, must_be_open

FOLDER = "integration/critical"


@privileged
@requires(Permission.VIEW_LIVE)
@require_form
def glass_ask(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incidents.incident(request.user, pk)
    must_be_open(incident)
    may_work_on(request.user, incident)
    declarations.may_break(request.user, incident)
    declarations.must_be_whole(incident, was_broken=selectors.broken(incident) is not None)
    form = GlassForm(request.POST or None)
    if form.carry_out(break_glass.ask, incident=incident, by=request.user):
        messages.success(
            request,
            _("Asked. Deputies and supervisors are written to now; the first who confirms it breaks the glass."),
        )
        return redirect("incident", pk)
    context = {"incident": incident, "form": form, "glass_terms": GLASS_TERMS}
    return render(request, f"{FOLDER}/glass_ask.html", context)


@privileged
@requires(Permission.VIEW_LIVE)
@require_form
def glass_confirm(request: SignedInRequest, pk: UUID) -> HttpResponse:
    declaration = selectors.glass(request.user, pk)
    if request.method == "POST":
        break_glass.confirm(declaration=declaration, by=request.user)
        messages.success(request, _("The glass is broken. The incident is critical for 30 minutes."))
        return _to(request, "incident", declaration)
    asked = break_glass.read(declaration=declaration, by=request.user)
    context = presenters.about(asked) | _back(request, asked) | {"glass_terms": GLASS_TERMS}
    return render(request, f"{FOLDER}/glass_confirm.html", context)


@requires(Permission.VIEW_LIVE)
@require_form
def glass_justify(request: SignedInRequest, pk: UUID) -> HttpResponse:
    declaration = selectors.glass(request.user, pk)
    declarations.may_justify(request.user, declaration)
    form = JustificationForm(request.POST or None)
    if form.carry_out(break_glass.justify, declaration=declaration, by=request.user):
        messages.success(request, _("Saved. It stays on the page of the incident, and auditors read it."))
        return _to(request, "critical", declaration)
    context = presenters.about(declaration) | _back(request, declaration) | {"form": form}
    return render(request, f"{FOLDER}/justify.html", context)


def _to(request: SignedInRequest, page: str, declaration: Declaration) -> HttpResponse:
    if incidents.sees_incident(request.user, declaration.incident_id):
        return redirect(page, declaration.incident_id)
    return redirect("console")


def _back(request: SignedInRequest, declaration: Declaration) -> dict[str, str]:
    sees = incidents.sees_incident(request.user, declaration.incident_id)
    if sees:
        return {"back": reverse("incident", args=[declaration.incident_id]), "back_label": declaration.incident.number}
    return {"back": reverse("console"), "back_label": _("What waits for you")}
