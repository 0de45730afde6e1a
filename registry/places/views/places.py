from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.geo.counties import county_at
from fusus_portal.ground.geo.geocoding import Geocoded
from fusus_portal.ground.geo.points import Precision
from fusus_portal.ground.pages import maps
from registry import hooks
from registry.canvasses.selectors import requests
from registry.people.models import Registrant
from registry.people.presenters.registration import place_facts
from registry.people.views.form_drafts import PlaceDraft
from registry.people.views.profile import registered
from registry.places import selectors
from registry.places.forms.places import NewPlaceForm, PinForm, PlaceForm
from registry.places.presenters import pin_map
from registry.places.services import premises as premises_services


@requires(Permission.OWN_REGISTRATION)
@require_form
@limit("address", "30/m", account_of)
@registered
def new(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    draft = PlaceDraft(request.session)
    form = NewPlaceForm(request.POST or None, registrant=registrant, initial=draft.get("place"))
    if form.is_valid():
        draft.clear()
        draft.put_place(form.cleaned_data, form.found)
        return redirect("premises_new_pin")
    return render(request, "registry/places/place_new.html", {"form": form})


@requires(Permission.OWN_REGISTRATION)
@require_form
@registered
def new_pin(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    draft = PlaceDraft(request.session)
    if not draft.get("place"):
        return redirect("premises_new")
    form = PinForm(request.POST or None, initial=draft.get("pin"), found=draft.found)
    if form.is_valid():
        draft.put("pin", form.cleaned_data)
        return redirect("premises_new_check")
    context = {"form": form, "address": draft.address, "map": maps.ground(), "center": maps.pair(draft.found.point)}
    return render(request, "registry/places/place_new_pin.html", context)


@requires(Permission.OWN_REGISTRATION)
@require_form
@limit("address", "30/m", account_of)
@registered
def new_check(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
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


@requires(Permission.OWN_REGISTRATION)
@require_form
def change(request: SignedInRequest, pk: UUID) -> HttpResponse:
    premises = selectors.premises(request.user, pk)
    form = PlaceForm(request.POST or None, initial={"kind": premises.kind, "name": premises.name})
    if form.is_valid():
        premises_services.describe(premises=premises, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    return render(request, "registry/places/place_change.html", {"form": form, "premises": premises})


@requires(Permission.OWN_REGISTRATION)
@require_form
def remove(request: SignedInRequest, pk: UUID) -> HttpResponse:
    premises = selectors.premises(request.user, pk)
    if request.method == "POST":
        address = premises.address
        premises_services.remove(premises=premises, by=request.user)
        messages.success(request, _("Removed: %(address)s. No search finds it any more.") % {"address": address})
        return redirect("profile")
    context = {
        "premises": premises,
        "cameras": selectors.cameras_at(premises),
        "waiting": requests.waiting_about(premises),
        "told": hooks.told_ending(premises),
    }
    return render(request, "registry/places/place_remove.html", context)


@requires(Permission.OWN_REGISTRATION)
@require_form
@limit("address", "30/m", account_of)
def move_pin(request: SignedInRequest, pk: UUID) -> HttpResponse:
    premises = selectors.premises(request.user, pk)
    found = Geocoded(premises.point, Precision(premises.precision), county_at(premises.point))
    form = PinForm(request.POST or None, found=found)
    if form.carry_out(premises_services.place, premises=premises, by=request.user):
        messages.success(request, _("The pin is where you put it."))
        return redirect("profile")
    context = {"form": form, "premises": premises, "map": maps.ground(), "center": maps.pair(premises.point)}
    return render(request, "registry/places/pin.html", context)
