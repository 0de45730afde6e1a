"""Forms of addresses and of places by name. No field takes the way to watch a camera (promise R2)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm
from fusus_portal.ground.geo.counties import County, boundary_distance_m, own_county
from fusus_portal.ground.geo.geocoding import Address, AddressNotFound, Geocoded, GeocoderUnavailable, geocode_area
from fusus_portal.ground.geo.points import Precision
from fusus_portal.ground.streets.forms import AddressInput
from fusus_portal.ground.streets.geocoding import AddressUnknown, chosen, geocode, question_of, sent_to
from registry.places import policies
from registry.places.forms.pins import other_county
from registry.places.models import ADDRESS, PremisesKind
from registry.places.selectors import at_address
from registry.registrants.models import Registrant

MISSING = "missing"
"""The choice of a person whose address the county's data lacks."""

ZIP_MAY_REACH_M = 8_000.0
"""Meters. A ZIP code area whose middle is this far outside may still have addresses inside the county."""


class NoWayIn(CheckedForm):
    """A form that refuses the address of a camera's video in every field (promise R2)."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.ask(policies.check_no_way_in, cleaned)
        return cleaned


class AddressForm(NoWayIn):
    """A street address. found: the address's location, once the form is valid."""

    kind = forms.ChoiceField(
        label=_("What is at this address?"), choices=PremisesKind, initial=PremisesKind.HOME, widget=forms.RadioSelect
    )
    street = forms.CharField(label=_("Street and number"), max_length=120, widget=AddressInput())
    city = forms.CharField(
        label=_("City"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    state = forms.CharField(
        label=_("State"),
        help_text=_("Two letters"),
        min_length=2,
        max_length=2,
        widget=forms.TextInput(attrs={"autocomplete": "address-level1", "class": "usa-input--small"}),
    )
    zip_code = forms.RegexField(
        label=_("ZIP code"),
        regex=r"^\d{5}(-\d{4})?$",
        error_messages={"invalid": _("A ZIP code has five digits, for example 35203.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "postal-code", "inputmode": "numeric", "class": "usa-input--small"}
        ),
    )

    meant = forms.CharField(label=_("Which address is it?"), required=False, widget=forms.HiddenInput())
    field_order: tuple[str, ...] = ("kind", "street", "meant", "city", "state", "zip_code")

    found: Geocoded
    outside: County | None = None
    """The other county that the address is in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].initial = own_county().state_code
        self.initial = {**self.initial, "meant": ""}  # a choice belongs to the address beside which it was made
        if service := sent_to():
            self.fields["street"].help_text = _("We send the address to %(service)s to find it on the map.") % {
                "service": service
            }

    def clean_state(self) -> str:
        return str(self.cleaned_data["state"]).upper()

    def clean(self) -> dict[str, Any]:
        """Geocode the address; refuse one that does not exist, or is surely in another county."""
        cleaned = super().clean()
        if not cleaned.keys() >= set(ADDRESS):
            return cleaned
        try:
            self.found = self._find(cleaned)
            self.check_found()
        except AddressUnknown as unknown:
            self._offer(unknown)
        except AddressNotFound as nowhere:
            self.add_error(nowhere.field, str(nowhere.sentence))
        except GeocoderUnavailable as unavailable:
            self.add_error(None, str(unavailable.sentence))
        except ValidationError as outside:
            self.add_error(None, outside)
        return cleaned

    def _find(self, cleaned: dict[str, Any]) -> Geocoded:
        """Geocode the address, or take the chosen one of the offered addresses, with its parts."""
        address, choice = address_of(cleaned), cleaned.get("meant")
        if choice == MISSING:
            return geocode_area(address)
        if choice and (taken := chosen(address, choice)):
            address, place = taken
            cleaned.update({name: getattr(address, name) for name in ADDRESS})
            return place
        place = geocode(address)
        if question := question_of(address):
            raise question
        return place

    def _offer(self, unknown: AddressUnknown) -> None:
        """Offer the known addresses nearby, and the choice that the address is missing."""
        near = [(each.address, each.address) for each in unknown.near if each.precision in {"rooftop", "range"}]
        missing = (MISSING, _("My address is missing: I will place the pin myself, and the office may look into it"))
        self.fields["meant"].widget = forms.RadioSelect(choices=[*near, missing])
        self.fields["meant"].required = True
        self.add_error(unknown.field, str(unknown.sentence))

    def check_found(self) -> None:
        if not could_be_inside(self.found):
            self.outside = other_county(self.found.point)
            policies.check_inside(self.found.point, field="zip_code")


class _Named(NoWayIn):
    name = forms.CharField(
        label=_("What do you call this place?"), help_text=_("For example: shop, cabin"), max_length=80, required=False
    )


class NewPlaceForm(AddressForm, _Named):
    field_order = ("kind", "street", "meant", "city", "state", "zip_code", "name")

    def __init__(self, *args: Any, registrant: Registrant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.registrant = registrant

    def check_found(self) -> None:
        super().check_found()
        if at_address(self.registrant, address_of(self.cleaned_data)).exists():
            raise ValidationError({"street": policies.already_here()})


class PlaceForm(_Named):
    kind = forms.ChoiceField(label=_("What is at this address?"), choices=PremisesKind, widget=forms.RadioSelect)
    field_order = ("kind", "name")


def address_of(typed: dict[str, Any]) -> Address:
    return Address(typed["street"], typed["city"], typed["state"], typed["zip_code"])


def could_be_inside(found: Geocoded) -> bool:
    """True if the address may be inside although the middle of its ZIP code area is outside the county."""
    return found.precision == Precision.AREA and boundary_distance_m(found.point) <= ZIP_MAY_REACH_M
