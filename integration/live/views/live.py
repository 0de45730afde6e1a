"""What can be seen live: of one incident, with the form that begins a view, and of all of one's own.

Supervisors also see whose views run, and end one.
"""

from collections.abc import Callable
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
from fusus_portal.ground.lifecycle import Refused
from fusus_portal.ground.serving.lanes import urgent
from integration.live.forms import StopForm, ViewForm
from integration.live.policies import oversight as oversight_policies
from integration.live.presenters import offers as offer_presenters
from integration.live.presenters import oversight as oversight_presenters
from integration.live.selectors import gate, live_views
from integration.live.services import offers as offer_services
from integration.live.services import views
from integration.live.services.gate import ViewRefused
from integration.live.services.offers import Offer
from integration.live.views.watch import viewer_of
from registry.incidents.selectors import incidents
from registry.limits.models import Limits

FOLDER = "integration/live/console"


@requires(Permission.VIEW_LIVE)
@require_safe
def live(request: SignedInRequest) -> HttpResponse:
    """Show which incidents have cameras to be seen now, and which views run."""
    context = offer_presenters.now_page(request.user)
    if has(request.user.role, Permission.OVERSEE_LIVE):
        context["watched"] = oversight_presenters.lines(live_views.all_running(request.user), request.user)
    return render(request, f"{FOLDER}/now.html", context)


@urgent
@requires(Permission.OVERSEE_LIVE)
@require_form
def live_stop(request: SignedInRequest, grant: UUID) -> HttpResponse:
    """End somebody else's view, for a reason."""
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
    """Show the connected cameras inside the circle, and no other. Each that is shown is an entry."""
    offered = offer_services.show(incident=incidents.one(request.user, pk), by=request.user)
    context = offer_presenters.page(offered, request.user, form_of=_forms())
    return render(request, f"{FOLDER}/offers.html", context)


@requires(Permission.VIEW_LIVE)
@require_POST
def live_start(request: SignedInRequest, pk: UUID, camera: UUID) -> HttpResponse:
    """Begin to see a camera, for a reason."""
    incident = incidents.one(request.user, pk)
    found = gate.camera(camera)
    form = ViewForm(request.POST, auto_id=f"id_%s_{camera}")
    form.is_valid()
    try:
        views.start(
            incident=incident,
            camera=found,
            by=request.user,
            reason=form.cleaned_data.get("reason", ""),
            more=form.cleaned_data.get("more", False),
            **viewer_of(request),
        )
    except ValidationError as error:
        if not form.errors:
            form.add_error(None, error)
        offered = offer_services.show(incident=incident, by=request.user)
        others = _forms()
        context = offer_presenters.page(
            offered, request.user, form_of=lambda offer: form if offer.camera.pk == camera else others(offer)
        )
        return render(request, f"{FOLDER}/offers.html", context, status=422)
    except ViewRefused as refused:
        raise Refused(f"{refused.sentence} {refused.change}", subject=refused.subject) from refused
    return redirect("live_watch", pk)


def _forms() -> Callable[[Offer], ViewForm]:
    """Return what makes the form of an offer. One query, however many there are."""
    owners_read = Limits.current().shows_reasons
    return lambda offer: ViewForm(
        initial={"more": offer.is_used_up}, auto_id=f"id_%s_{offer.camera.pk}", owners_read=owners_read
    )
