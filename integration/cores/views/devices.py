from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.serving.lanes import urgent
from integration import hooks
from integration.cores import selectors
from integration.cores.forms.devices import ConnectForm, NewPlaceForm
from integration.cores.presenters.devices import DeviceCard, why_no_return
from integration.cores.services import cameras, cores, returns
from integration.cores.states import CoreState
from integration.sharing.presenters import sharing_page
from registry.people.models import Registrant
from registry.people.views.profile import registered

FOLDER = "integration/cores/own"


@requires(Permission.OWN_DEVICES)
@require_safe
@registered
def devices(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    return render(request, f"{FOLDER}/list.html", {"cards": [DeviceCard(core) for core in selectors.own(request.user)]})


@requires(Permission.OWN_DEVICES)
@require_safe
def device(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _page(request, pk)


@requires(Permission.OWN_DEVICES)
@require_POST
@limit("device_cameras", "60/m", account_of)
def device_connect(request: SignedInRequest, pk: UUID) -> HttpResponse:
    core = selectors.own_one(request.user, pk)
    form = ConnectForm(request.POST, core=core)
    if behind := form.carry_out(cameras.connect, core=core, by=request.user):
        words = _("Connected: %(name)s. It is not shared until you say so.")
        messages.success(request, words % {"name": behind.camera.name})
        return redirect("device", pk)
    return _page(request, pk, form=form, status=422)


@urgent
@requires(Permission.OWN_DEVICES)
@require_POST
def device_disconnect(request: SignedInRequest, pk: UUID, behind: UUID) -> HttpResponse:
    found = selectors.own_behind(request.user, pk, behind)
    cameras.disconnect(behind=found, by=request.user)
    messages.success(request, _("Disconnected: %(name)s. It stays in the registry.") % {"name": found.camera.name})
    return redirect("device", pk)


@requires(Permission.OWN_DEVICES)
@require_form
def device_return(request: SignedInRequest, pk: UUID) -> HttpResponse:
    core = selectors.own_one(request.user, pk)
    if request.method == "POST":
        done = returns.begin_return(core=core, by=request.user)
        messages.success(request, _("The return has begun. Nobody can see your cameras through this CORE any more."))
        return redirect(hooks.return_page(done) or reverse("device", args=[pk]))
    context = {
        "card": DeviceCard(core),
        "why_not": why_no_return(core, request.user),
        "blocks": hooks.shown_before_return(core),
        "return_page": hooks.return_page(core),
    }
    return render(request, f"{FOLDER}/return.html", context)


@requires(Permission.OWN_DEVICES)
@require_form
def device_place(request: SignedInRequest, pk: UUID) -> HttpResponse:
    core = selectors.own_one(request.user, pk)
    form = NewPlaceForm(request.POST or None, core=core)
    if form.carry_out(cores.place, core=core, by=request.user):
        messages.success(request, _("Saved. Now connect the cameras at this place."))
        return redirect("device", pk)
    context = {"card": DeviceCard(core), "form": form, "places": selectors.other_places(core).exists()}
    return render(request, f"{FOLDER}/place.html", context)


def _page(request: SignedInRequest, pk: UUID, *, form: ConnectForm | None = None, status: int = 200) -> HttpResponse:
    core = selectors.own_one(request.user, pk)
    card = DeviceCard(core)
    context = {
        "card": card,
        "form": form or ConnectForm(core=core),
        "has_room": len(card.cameras) < core.model.cameras_supported,
        "can_choose": selectors.to_connect(core).exists() and bool(selectors.free_channels(core)),
        "why_no_return": why_no_return(core, request.user),
        "blocks": hooks.shown(core),
        "sharing": sharing_page(core.registrant) if core.registrant else None,
        "return_page": hooks.return_page(core),
        "asks_for_money": core.state == CoreState.RETURNING and bool(hooks.shown_before_return(core)),
    }
    return render(request, f"{FOLDER}/one.html", context, status=status)
