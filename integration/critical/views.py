"""Pages that declare an incident critical, or break the glass: each of the two signs in with both factors again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, requires
from fusus_portal.ground.agency.steps import Step, step_of
from fusus_portal.ground.pages.acts import ActPage, Way
from fusus_portal.ground.serving.lanes import urgent
from integration.critical import policies, presenters, selectors, services
from integration.critical.forms import DeclareForm, GlassForm, JustificationForm, RenewForm
from integration.critical.models import Declaration
from integration.rules import DECLARED_RADIUS_M, LARGEST_RADIUS_M
from registry.incidents import selectors as incidents
from registry.incidents.policies.incidents import may_work_on, must_be_open
from registry.incidents.services import incidents as incident_services

FOLDER = "integration/critical"


@requires(Permission.VIEW_LIVE, SAFE)
def critical(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incident_services.view(incident=incidents.incident(request.user, pk), by=request.user)
    return render(request, f"{FOLDER}/page.html", presenters.critical_page(incident, request.user))


@requires(Permission.DECLARE, FORM)
def critical_declare(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incidents.incident(request.user, pk)
    policies.must_be_declarable(incident)
    policies.may_declare(request.user, incident)
    point = incident.point
    initial = {"latitude": point.latitude, "longitude": point.longitude, "radius_m": DECLARED_RADIUS_M}
    form = DeclareForm(request.POST or None, incident=incident, initial=initial)
    step = step_of(request, form)
    if step is Step.SAVE and (made := form.carry_out(services.declare_critical, incident=incident, by=request.user)):
        sentence = _("Asked. A second supervisor confirms it.") if made.beyond_limits else _("Declared critical.")
        messages.success(request, sentence)
        return redirect("incident", incident.pk)
    if step is Step.LOOK:
        return render(
            request,
            f"{FOLDER}/check.html",
            {"form": form, **presenters.declaration_to_check(incident, **form.written())},
        )
    context = {"incident": incident, "form": form, "most": LARGEST_RADIUS_M}
    center = f"{form['latitude'].value() or ''},{form['longitude'].value() or ''}"
    drawn = presenters.map_of_circle(incident, point, None) | {"center": center if len(center) > 1 else ""}
    return render(request, f"{FOLDER}/declare.html", context | drawn)


@requires(Permission.DECLARE, FORM)
def declaration_second(request: SignedInRequest, pk: UUID) -> HttpResponse:
    declaration = selectors.one(request.user, pk)
    if request.method == "POST":
        services.second_declaration(declaration=declaration, by=request.user)
        messages.success(request, _("Confirmed. The incident is critical from now on."))
        return redirect("incident", declaration.incident_id)
    policies.must_await_second(declaration)
    policies.may_second_declaration(request.user, declaration, declaration.incident)
    return render(request, f"{FOLDER}/second.html", _context(declaration))


@requires(Permission.VIEW_LIVE, POST)
def declaration_decline(request: SignedInRequest, pk: UUID) -> HttpResponse:
    declaration = services.decline_declaration(declaration=selectors.one(request.user, pk), by=request.user)
    messages.success(request, _("Dropped. Nothing is declared by it."))
    return redirect("incident", declaration.incident_id)


@requires(Permission.DECLARE, FORM)
def declaration_renew(request: SignedInRequest, pk: UUID) -> HttpResponse:
    declaration = selectors.one(request.user, pk)
    policies.may_renew_declaration(request.user, selectors.in_force(declaration.incident), declaration.incident)
    form = RenewForm(request.POST or None)
    if form.carry_out(services.renew_declaration, declaration=declaration, by=request.user):
        renewed = selectors.one(request.user, pk)
        messages.success(request, _("Declared again. %(until)s.") % {"until": presenters.critical_until(renewed)})
        return redirect("incident", declaration.incident_id)
    return render(request, f"{FOLDER}/renew.html", _context(declaration) | {"form": form})


@urgent
@requires(Permission.VIEW_LIVE, FORM)
def declaration_end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    declaration = selectors.one(request.user, pk)
    if request.method == "POST":
        services.end_declaration(declaration=declaration, by=request.user)
        messages.success(request, _("Ended. Every live view of this incident has ended."))
        return redirect("incident", declaration.incident_id)
    policies.must_be_in_force(declaration)
    return render(request, f"{FOLDER}/end.html", _context(declaration))


def _context(declaration: Declaration) -> dict[str, Any]:
    incident, facts = declaration.incident, presenters.declaration_facts(declaration)
    drawn = presenters.map_of_circle(incident, declaration.point, declaration.radius_m)
    return {"incident": incident, "declaration": declaration, "facts": facts, **drawn}


@privileged
@requires(Permission.VIEW_LIVE, FORM)
def glass_ask(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incidents.incident(request.user, pk)
    must_be_open(incident)
    may_work_on(request.user, incident)
    policies.may_break_glass(request.user, incident)
    policies.must_have_whole_glass(incident, was_broken=selectors.broken(incident) is not None)
    form = GlassForm(request.POST or None)
    if form.carry_out(services.ask_for_glass, incident=incident, by=request.user):
        messages.success(
            request,
            _("Asked. We write to deputies and supervisors now. The first one to confirm breaks the glass."),
        )
        return redirect("incident", pk)
    title = _("Break the glass")
    return ActPage(
        title=title,
        number=incident.number,
        heading=f"{title} · {incident.number}",
        intro=_("For the minutes in which no supervisor can be reached. The incident is then critical without one."),
        points=[
            _("Any other deputy or supervisor can confirm it. We write to all of them; call one."),
            _("Nobody needs to have verified the incident. The limits of search, and its 24 hours, stay as they are."),
            *presenters.terms_of_glass(),
        ],
        label=_("Ask for a second person"),
        way=Way(reverse("incident", args=[pk]), incident.number, _("Cancel")),
    ).answer(request, form)


@privileged
@requires(Permission.VIEW_LIVE, FORM)
def glass_confirm(request: SignedInRequest, pk: UUID) -> HttpResponse:
    declaration = selectors.glass(request.user, pk)
    if request.method == "POST":
        services.break_glass(declaration=declaration, by=request.user)
        messages.success(request, _("The glass is broken. The incident is critical for 30 minutes."))
        return _to(request, "incident", declaration)
    asked = services.read_question(declaration=declaration, by=request.user)
    title = _("Break the glass")
    return ActPage(
        title=title,
        number=asked.incident.number,
        heading=f"{title} · {asked.incident.number}",
        intro=_(
            "A colleague on this incident asks you to declare it critical with them, because no supervisor can "
            "be reached. Read the reason first."
        ),
        points=[*presenters.own_declaration(request.user, asked.incident), *presenters.terms_of_glass()],
        facts=presenters.declaration_facts(asked),
        label=title,
        way=_way(request, asked),
    ).answer(request)


@requires(Permission.VIEW_LIVE, FORM)
def glass_justify(request: SignedInRequest, pk: UUID) -> HttpResponse:
    declaration = selectors.glass(request.user, pk)
    policies.may_justify_glass(request.user, declaration)
    form = JustificationForm(request.POST or None)
    if form.carry_out(services.justify_glass, declaration=declaration, by=request.user):
        messages.success(request, _("Saved. It stays on this page, and auditors read it."))
        return _to(request, "critical", declaration)
    title = _("Why the glass was broken")
    return ActPage(
        title=title,
        number=declaration.incident.number,
        heading=f"{title} · {declaration.incident.number}",
        intro=_(
            "What you write stays on the page “Critical” of the incident and in the log. It can't be changed later."
        ),
        facts=presenters.declaration_facts(declaration),
        label=_("Save it"),
        way=_way(request, declaration),
    ).answer(request, form)


def _to(request: SignedInRequest, page: str, declaration: Declaration) -> HttpResponse:
    if incidents.sees_incident(request.user, declaration.incident_id):
        return redirect(page, declaration.incident_id)
    return redirect("console")


def _way(request: SignedInRequest, declaration: Declaration) -> Way:
    incident = declaration.incident
    if incidents.sees_incident(request.user, incident.pk):
        return Way(reverse("incident", args=[incident.pk]), incident.number, _("Cancel"))
    return Way(reverse("console"), _("What waits for you"), _("Cancel"))
