from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.frames import page_of_press
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.pages import maps
from fusus_portal.ground.serving.lanes import urgent
from registry.hooks import cards_of
from registry.people.models import Registrant
from registry.people.views.profile import registered
from registry.places import selectors
from registry.places.camera_fields import NAMES
from registry.places.forms.cameras import CameraForm, OwnCameraForm
from registry.places.models import Premises
from registry.places.services import cameras


@requires(Permission.OWN_REGISTRATION)
@require_form
@limit("camera", "60/m", account_of)
def add(request: SignedInRequest, pk: UUID) -> HttpResponse:
    premises = selectors.premises(request.user, pk)
    form = OwnCameraForm(request.POST or None, at=premises)
    if form.carry_out(cameras.add, premises=premises, by=request.user):
        messages.success(request, _("Added: %(name)s.") % {"name": form.cleaned_data["name"]})
        return redirect("profile")
    return render(request, "registry/places/camera.html", _page(form, premises))


@requires(Permission.OWN_REGISTRATION)
@require_form
@limit("camera", "60/m", account_of)
def change(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = selectors.camera(request.user, pk)
    known = {name: getattr(camera, name) for name in NAMES}
    form = OwnCameraForm(request.POST or None, at=camera.premises, own=camera, initial=known)
    if form.carry_out(cameras.change, camera=camera, by=request.user):
        messages.success(request, _("Saved."))
        return redirect("profile")
    return render(request, "registry/places/camera.html", _page(form, camera.premises) | {"camera": camera})


@requires(Permission.OWN_REGISTRATION)
@require_form
def remove(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = selectors.camera(request.user, pk)
    if request.method == "POST":
        cameras.remove(camera=camera, by=request.user)
        messages.success(request, _("Removed: %(name)s. No search finds it any more.") % {"name": camera.name})
        return redirect("profile")
    return render(request, "registry/places/camera_remove.html", {"camera": camera})


@urgent
@requires(Permission.OWN_REGISTRATION)
@require_POST
def pause(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = cameras.pause(camera=selectors.camera(request.user, pk), by=request.user)
    messages.success(
        request, _("Paused: %(name)s. No search finds it until you end the pause.") % {"name": camera.name}
    )
    return redirect("profile")


@requires(Permission.OWN_REGISTRATION)
@require_POST
def resume(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = cameras.resume(camera=selectors.camera(request.user, pk), by=request.user)
    messages.success(request, _("The pause has ended: %(name)s.") % {"name": camera.name})
    return redirect("profile")


@urgent
@requires(Permission.OWN_REGISTRATION)
@require_POST
@registered
def pause_all(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    cameras.pause_all(registrant=registrant, by=request.user)
    messages.success(request, _("All your cameras are paused. No search finds them until you end the pause."))
    return redirect("profile")


@requires(Permission.OWN_REGISTRATION)
@require_POST
@registered
def resume_all(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    count = cameras.resume_all(registrant=registrant, by=request.user)
    sentence = ngettext("The pause of %(count)d camera has ended.", "The pause of %(count)d cameras has ended.", count)
    messages.success(request, sentence % {"count": count})
    return redirect(page_of_press(request, "profile", *(card.name for card in cards_of(request.user.role))))


def _page(form: CameraForm, premises: Premises) -> dict[str, Any]:
    center = "" if maps.is_vague(premises) else maps.pair(premises.point)
    return {"form": form, "premises": premises, "map": maps.ground(), "center": center}
