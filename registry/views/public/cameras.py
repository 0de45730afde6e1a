"""A registrant's cameras and the pins of their places."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from fusus_portal.access import Permission, requires
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from fusus_portal.geo import Geocoded, Precision, county_at
from registry.forms.cameras import CameraForm
from registry.forms.places import PinForm
from registry.presenters import maps
from registry.selectors import registrants as own
from registry.services import cameras
from registry.services import premises as places
from registry.services.cameras import CameraDetails


@requires(Permission.OWN_REGISTRATION)
@never_cache
@require_form
def add(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Add a camera to one of the person's own places."""
    premises = own.premises(request.user, pk)
    form = CameraForm(request.POST or None)
    if form.is_valid():
        camera = cameras.add(premises=premises, by=request.user, details=CameraDetails(**form.cleaned_data))
        messages.success(request, _("Added: %(name)s.") % {"name": camera.name})
        return redirect("profile")
    return render(request, "registry/public/profile/camera.html", {"form": form, "premises": premises})


@requires(Permission.OWN_REGISTRATION)
@never_cache
@require_form
def change(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Change what is said about one of the person's own cameras."""
    camera = own.camera(request.user, pk)
    known = {name: getattr(camera, name) for name in CameraForm.base_fields}
    form = CameraForm(request.POST or None, initial=known)
    if form.is_valid():
        cameras.change(camera=camera, by=request.user, details=CameraDetails(**form.cleaned_data))
        messages.success(request, _("Saved."))
        return redirect("profile")
    context = {"form": form, "camera": camera, "premises": camera.premises}
    return render(request, "registry/public/profile/camera.html", context)


@requires(Permission.OWN_REGISTRATION)
@never_cache
@require_form
def remove(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take one of the person's own cameras out of the registry, once that is confirmed."""
    camera = own.camera(request.user, pk)
    if request.method == "POST":
        cameras.remove(camera=camera, by=request.user)
        messages.success(request, _("Removed: %(name)s. No search finds it any more.") % {"name": camera.name})
        return redirect("profile")
    return render(request, "registry/public/profile/camera_remove.html", {"camera": camera})


@requires(Permission.OWN_REGISTRATION)
@never_cache
@require_form
def move_pin(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Put the pin of one of the person's own places where it belongs."""
    premises = own.premises(request.user, pk)
    found = Geocoded(premises.point, Precision(premises.precision), county_at(premises.point))
    known = {"latitude": premises.latitude, "longitude": premises.longitude}
    form = PinForm(request.POST or None, initial=known, found=found)
    if form.is_valid():
        try:
            places.place(premises=premises, by=request.user, pin=form.point(), confirmed=form.cleaned_data["confirmed"])
        except ValidationError as wrong:
            form.add_refusal(wrong)
        else:
            messages.success(request, _("The pin is where you put it."))
            return redirect("profile")
    context = {"form": form, "premises": premises, "map": maps.ground(), "center": maps.pair(premises.point)}
    return render(request, "registry/public/profile/pin.html", context)
