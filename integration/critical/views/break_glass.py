"""Breaking the glass: two people who work on an incident, without a supervisor, once."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from integration.critical import presenters, selectors
from integration.critical.forms import GlassForm, JustificationForm
from integration.critical.policies import declarations
from integration.critical.services import break_glass
from registry.incidents.policies.incidents import may_work_on
from registry.incidents.selectors import incidents

FOLDER = "integration/critical"


@privileged
@requires(Permission.VIEW_LIVE)
@require_form
def glass_ask(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask a second person to break the glass, with a reason."""
    incident = incidents.one(request.user, pk)
    declarations.must_be_declarable(incident)
    may_work_on(request.user, incident)
    declarations.must_be_whole(incident, was_broken=selectors.broken(incident) is not None)
    form = GlassForm(request.POST or None)
    if form.carry_out(break_glass.ask, incident=incident, by=request.user):
        messages.success(request, _("Asked. Somebody else who works on this incident confirms it."))
        return redirect("incident", pk)
    return render(request, f"{FOLDER}/glass_ask.html", {"incident": incident, "form": form})


@privileged
@requires(Permission.VIEW_LIVE)
@require_form
def glass_confirm(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Break the glass as the second of two, once the reason was read."""
    declaration = selectors.one(request.user, pk)
    if request.method == "POST":
        break_glass.confirm(declaration=declaration, by=request.user)
        messages.success(request, _("The glass is broken. The incident is critical for 30 minutes."))
        return redirect("incident", declaration.incident_id)
    declarations.must_wait(declaration)
    declarations.may_second(request.user, declaration, declaration.incident)
    return render(request, f"{FOLDER}/glass_confirm.html", presenters.about(declaration))


@requires(Permission.VIEW_LIVE)
@require_form
def glass_justify(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Write why the glass was broken."""
    declaration = selectors.one(request.user, pk)
    declarations.may_justify(request.user, declaration)
    form = JustificationForm(request.POST or None)
    if form.carry_out(break_glass.justify, declaration=declaration, by=request.user):
        messages.success(request, _("Saved. It stays on the page of the incident, and auditors read it."))
        return redirect("critical", declaration.incident_id)
    return render(request, f"{FOLDER}/justify.html", presenters.about(declaration) | {"form": form})
