"""Pages of a registrant's places and cameras, and of addresses that the county's data lacks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, requires
from fusus_portal.ground.access.context import page_of_posted_form
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.geo.counties import county_at
from fusus_portal.ground.geo.geocoding import Geocoded
from fusus_portal.ground.geo.points import Precision
from fusus_portal.ground.held_files import posted, say_refusal, takes_picture
from fusus_portal.ground.pages import maps
from fusus_portal.ground.pages.acts import OWN, ActPage, Way
from fusus_portal.ground.serving import byte_range as serving
from fusus_portal.ground.serving.lanes import urgent
from fusus_portal.ground.streets import selectors as streets, services
from registry.places import selectors, snapshot_files
from registry.places.camera_fields import NAMES
from registry.places.drafts import PlaceDraft
from registry.places.forms import addresses, cameras as camera_forms, pins
from registry.places.hooks import pages_of, whom_to_ask
from registry.places.models import Premises
from registry.places.presenters import pin_map, place_facts
from registry.places.services import cameras, premises as premises_services
from registry.registrants.models import Registrant
from registry.registrants.views import registered


@requires(Permission.OWN_REGISTRATION, FORM)
@limit("address", "30/m", account_of)
@registered
def place_new(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    draft = PlaceDraft(request.session)
    form = addresses.NewPlaceForm(request.POST or None, registrant=registrant, initial=draft.get("place"))
    if form.is_valid():
        draft.clear()
        draft.put_place(form.cleaned_data, form.found)
        return redirect("premises_new_pin")
    context = {"form": form, "elsewhere": whom_to_ask.answer(form.outside)}
    return render(request, "registry/places/place_new.html", context)


@requires(Permission.OWN_REGISTRATION, FORM)
@registered
def place_new_pin(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    draft = PlaceDraft(request.session)
    if not draft.get("place"):
        return redirect("premises_new")
    form = pins.PinForm(request.POST or None, initial=draft.get("pin"), found=draft.found, street=draft.address.street)
    if form.is_valid():
        draft.put("pin", form.kept)
        return redirect("premises_new_check")
    return render(request, "registry/places/place_new_pin.html", {"address": draft.address, **_pin(form)})


@requires(Permission.OWN_REGISTRATION, FORM)
@limit("address", "30/m", account_of)
@registered
def place_new_check(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    draft = PlaceDraft(request.session)
    if not draft.get("pin"):
        return redirect("premises_new_pin" if draft.get("place") else "premises_new")
    refused: list[str] = []
    if request.method == "POST":
        try:
            premises = premises_services.add(registrant=registrant, by=request.user, place=draft.place)
        except ValidationError as wrong:
            refused = wrong.messages
        else:
            draft.clear()
            messages.success(request, _("The place is added. Now add its first camera."))
            return redirect("camera_new", premises.pk)
    context = {"facts": place_facts(draft), "map": pin_map(draft.pin), "refused": refused}
    return render(request, "registry/places/place_new_check.html", context)


@requires(Permission.OWN_REGISTRATION, FORM)
def place_change(request: SignedInRequest, pk: UUID) -> HttpResponse:
    premises = selectors.premises(request.user, pk)
    form = addresses.PlaceForm(request.POST or None, initial={"kind": premises.kind, "name": premises.name})
    if form.is_valid():
        premises_services.describe(premises=premises, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    return ActPage(
        title=_("About this place"),
        intro=str(premises.address),
        label=_("Save"),
        way=Way(reverse("profile"), _("My profile"), _("Cancel")),
        base=OWN,
    ).answer(request, form)


@requires(Permission.OWN_REGISTRATION, FORM)
@limit("address", "30/m", account_of)
def place_pin(request: SignedInRequest, pk: UUID) -> HttpResponse:
    premises = selectors.premises(request.user, pk)
    found = Geocoded(premises.point, Precision(premises.precision), county_at(premises.point))
    form = pins.PinForm(request.POST or None, found=found, street=premises.street)
    if form.carry_out(premises_services.move_pin, premises=premises, by=request.user):
        messages.success(request, _("The pin is where you put it."))
        return redirect("profile")
    return render(request, "registry/places/pin.html", {"premises": premises, **_pin(form)})


def _pin(form: pins.PinForm) -> dict[str, Any]:
    center, elsewhere = maps.pair(form.found.point), whom_to_ask.answer(form.outside)
    return {"form": form, "map": maps.ground(), "center": center, "elsewhere": elsewhere}


@requires(Permission.OWN_REGISTRATION, FORM)
@limit("camera", "60/m", account_of)
def camera_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    premises = selectors.premises(request.user, pk)
    form = camera_forms.OwnCameraForm(request.POST or None, at=premises)
    if form.carry_out(cameras.add, premises=premises, by=request.user):
        messages.success(request, _("Added: %(name)s.") % {"name": form.cleaned_data["name"]})
        return redirect("profile")
    return render(request, "registry/places/camera.html", _camera_page(form, premises))


@requires(Permission.OWN_REGISTRATION, FORM)
@limit("camera", "60/m", account_of)
def camera_change(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = selectors.camera(request.user, pk)
    known = {name: getattr(camera, name) for name in NAMES}
    form = camera_forms.OwnCameraForm(request.POST or None, at=camera.premises, own=camera, initial=known)
    if form.carry_out(cameras.change, camera=camera, by=request.user):
        messages.success(request, _("Saved."))
        return redirect("profile")
    return render(request, "registry/places/camera.html", _camera_page(form, camera.premises) | {"camera": camera})


@requires(Permission.OWN_REGISTRATION, FORM)
def camera_remove(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = selectors.camera(request.user, pk)
    if request.method == "POST":
        cameras.remove(camera=camera, by=request.user)
        messages.success(request, _("Removed: %(name)s. No search finds it any more.") % {"name": camera.name})
        return redirect("profile")
    return ActPage(
        title=_("Remove a camera"),
        heading=_("Remove %(name)s?") % {"name": camera.name},
        intro=_(
            "No search finds it any more. You can still read who looked at it. You can add it again at any time, "
            "as a new camera."
        ),
        label=_("Remove this camera"),
        kind="secondary",
        way=Way(reverse("profile"), cancel=_("Keep it")),
        base=OWN,
    ).answer(request)


@urgent
@requires(Permission.OWN_REGISTRATION, POST)
def camera_pause(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = cameras.pause(camera=selectors.camera(request.user, pk), by=request.user)
    sentence = _("Paused: %(name)s. No search finds it until you end the pause.")
    messages.success(request, sentence % {"name": camera.name})
    return redirect("profile")


@requires(Permission.OWN_REGISTRATION, POST)
def camera_resume(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = cameras.resume(camera=selectors.camera(request.user, pk), by=request.user)
    messages.success(request, _("The pause has ended: %(name)s.") % {"name": camera.name})
    return redirect(page_of_posted_form(request, *pages_of(request.user.role)))


@urgent
@requires(Permission.OWN_REGISTRATION, POST)
@registered
def cameras_pause(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    cameras.pause_all(registrant=registrant, by=request.user)
    messages.success(request, _("All your cameras are paused. No search finds them until you end the pause."))
    return redirect("profile")


@requires(Permission.OWN_REGISTRATION, POST)
@registered
def cameras_resume(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    count = cameras.resume_all(registrant=registrant, by=request.user)
    sentence = ngettext("The pause of %(count)d camera has ended.", "The pause of %(count)d cameras has ended.", count)
    messages.success(request, sentence % {"count": count})
    return redirect(page_of_posted_form(request, *pages_of(request.user.role)))


def _camera_page(form: camera_forms.CameraForm, premises: Premises) -> dict[str, Any]:
    center = "" if maps.is_vague(premises) else maps.pair(premises.point)
    return {"form": form, "premises": premises, "map": maps.ground(), "center": center}


SAFE_HEADERS = {**serving.PRIVATE_HEADERS, "Content-Disposition": 'inline; filename="camera.jpg"'}


@takes_picture
@requires(Permission.OWN_REGISTRATION, FORM)
@limit("picture", "20/m", account_of)
def camera_picture(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = selectors.camera(request.user, pk)
    form = camera_forms.PictureForm(*posted(request))
    say_refusal(form, "picture", request)
    if form.carry_out(cameras.keep_snapshot, camera=camera, by=request.user):
        messages.success(request, _("The picture is saved. Only you see it."))
        return redirect("camera", camera.pk)
    return render(request, "registry/places/picture.html", {"form": form, "camera": camera})


@requires(Permission.OWN_REGISTRATION, POST)
def camera_picture_remove(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = cameras.remove_snapshot(camera=selectors.camera(request.user, pk), by=request.user)
    messages.success(request, _("The picture is deleted."))
    return redirect("camera", camera.pk)


@requires(Permission.OWN_REGISTRATION, SAFE)
def camera_picture_file(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = selectors.camera(request.user, pk)
    content = snapshot_files.read(camera.snapshot) if camera.snapshot else b""
    if not content:
        raise Http404
    return HttpResponse(content, content_type="image/jpeg", headers=SAFE_HEADERS)


MOST_MISSING = 100
"""Places that the page lists at most; the next ones follow when these are done."""


@requires(Permission.ADMINISTER, SAFE)
def missing_addresses(request: SignedInRequest) -> HttpResponse:
    """List places whose address is missing, by ZIP code and day alone, and the addresses that staff added."""
    places = selectors.unlisted()
    context = {"places": places[:MOST_MISSING], "count": places.count(), "added": streets.added()[:MOST_MISSING]}
    return render(request, "registry/places/missing/list.html", context)


@requires(Permission.ADMINISTER, POST)
def missing_address(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one missing address with its pin, after the entry of the look."""
    return _missing_address_page(request, pk)


@requires(Permission.ADMINISTER, POST)
def missing_address_add(request: SignedInRequest, pk: UUID) -> HttpResponse:
    form = pins.MissingAddressForm(request.POST)
    if not form.carry_out(premises_services.add_unlisted, premises=selectors.unlisted_premises(pk), by=request.user):
        return _missing_address_page(request, pk, form)
    messages.success(request, _("Added. It is found from now on, and stays when you load new files."))
    return redirect("missing_addresses")


@requires(Permission.ADMINISTER, POST)
def missing_address_accept(request: SignedInRequest, pk: UUID) -> HttpResponse:
    premises_services.accept_unlisted(premises=selectors.unlisted_premises(pk), by=request.user)
    messages.success(request, _("Noted. The address is not suggested to anybody."))
    return redirect("missing_addresses")


@requires(Permission.ADMINISTER, POST)
def added_address_take_out(request: SignedInRequest, pk: int) -> HttpResponse:
    services.take_out_address(added=streets.added_address(pk), by=request.user)
    messages.success(request, _("Removed. It is not found any more."))
    return redirect("missing_addresses")


def _missing_address_page(
    request: SignedInRequest, pk: UUID, form: pins.MissingAddressForm | None = None
) -> HttpResponse:
    premises = premises_services.read_unlisted(premises=selectors.unlisted_premises(pk), by=request.user)
    known = {
        "street": premises.street,
        "city": premises.city,
        "zip_code": premises.zip_code[:5],
        "latitude": f"{premises.latitude:.6f}",
        "longitude": f"{premises.longitude:.6f}",
    }
    context = {
        "premises": premises,
        "form": form or pins.MissingAddressForm(initial=known),
        "map": maps.ground(),
        "center": maps.pair(premises.point),
    }
    return render(request, "registry/places/missing/address.html", context, status=422 if form else 200)
