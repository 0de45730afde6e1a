"""Live cameras of one incident, and of all of one's own. Supervisors also see and end all running views."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.permissions import has
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from fusus_portal.ground.serving.lanes import urgent
from integration.live.forms import StopForm, ViewForm
from integration.live.policies import oversight as oversight_policies
from integration.live.presenters import offers as offer_presenters
from integration.live.presenters import oversight as oversight_presenters
from integration.live.selectors import gate, live_views
from integration.live.services import offers as offer_services
from integration.live.services import views, walls
from integration.live.services.gate import ViewRefused
from integration.live.services.walls import Begun
from integration.live.views import refused_tiles
from integration.live.views.watch import sentence_of, viewer_of
from registry.incidents import selectors as incidents
from registry.incidents.models import Incident

FOLDER = "integration/live/console"


@requires(Permission.VIEW_LIVE)
@require_safe
def live(request: SignedInRequest) -> HttpResponse:
    return render(request, f"{FOLDER}/now.html", _now(request.user))


@requires(Permission.VIEW_LIVE)
@require_safe
def live_now(request: SignedInRequest) -> HttpResponse:
    return render(request, f"{FOLDER}/now_lists.html", _now(request.user))


def _now(user: User) -> dict[str, Any]:
    context = offer_presenters.now_page(user)
    if has(user.role, Permission.OVERSEE_LIVE):
        context["watched"] = oversight_presenters.lines(offer_services.show_running(by=user), user)
    return context


@urgent
@requires(Permission.OVERSEE_LIVE)
@require_form
def live_stop(request: SignedInRequest, grant: UUID) -> HttpResponse:
    view = live_views.one(request.user, grant)
    oversight_policies.may_stop(request.user, oversight_policies.must_run(view, of=view))
    form = StopForm(request.POST or None)
    if form.carry_out(views.stop, grant=view, by=request.user):
        messages.success(request, _("Ended. The viewer's page says so, and so does the message to the owner."))
        return redirect("live")
    context = {"view": view, "form": form, "facts": oversight_presenters.facts(view)}
    return render(request, f"{FOLDER}/stop.html", context)


@requires(Permission.VIEW_LIVE)
@require_safe
def incident_live(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the connected cameras inside the circle, and no other. Each one shown is an entry."""
    incident = incidents.incident(request.user, pk)
    return _offers(request, incident, ViewForm(room=live_views.room_of(request.user, incident)))


@requires(Permission.VIEW_LIVE)
@require_POST
def live_start(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incidents.incident(request.user, pk)
    form = ViewForm(request.POST, room=live_views.room_of(request.user, incident))
    form.is_valid()
    cameras = gate.cameras(form.chosen)
    if form.chosen and not cameras:
        raise NotYours(_("There is no such camera."), subject=incident.subject)
    if form.errors.keys() - {"reason"}:
        return _offers(request, incident, form, status=422)
    try:
        begun = walls.start(
            incident=incident,
            cameras=cameras,
            by=request.user,
            reason=form.cleaned_data.get("reason", ""),
            more=form.cleaned_data["more"],
            **viewer_of(request),
        )
    except ValidationError as error:
        if not form.errors:
            form.add_error(None, error)
        return _offers(request, incident, form, status=422)
    refused_tiles.keep(request, pk, _refused(request, begun))
    return redirect("live_watch", pk)


def _offers(request: SignedInRequest, incident: Incident, form: ViewForm, *, status: int = 200) -> HttpResponse:
    offered = offer_services.show(incident=incident, by=request.user)
    context = offer_presenters.page(offered, request.user, form=form)
    return render(request, f"{FOLDER}/offers.html", context, status=status)


def _refused(request: SignedInRequest, begun: list[Begun]) -> Iterator[tuple[UUID, str, str]]:
    """Yield the refused cameras with their sentences. If only one was chosen, raise its refusal instead."""
    for each in begun:
        refused = each.refused
        if refused is None:
            continue
        if isinstance(refused, ViewRefused):
            if len(begun) == 1:
                said = f"{refused.sentence} {refused.change}".strip()
                raise Refused(said, subject=refused.subject) from refused
            yield each.camera.pk, refused.sentence, refused.change
        elif len(begun) == 1 and isinstance(refused, Stale):
            raise refused
        else:
            yield each.camera.pk, sentence_of(request, refused), ""
