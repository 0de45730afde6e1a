"""Forms of addresses, pins, places by name and cameras. No field takes the way to watch a camera (promise R2)."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from functools import partial
from typing import Any, ClassVar, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.utils.translation import gettext, gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.geo.counties import boundary_distance_m, own_county
from fusus_portal.ground.geo.geocoding import Address, AddressNotFound, Geocoded, GeocoderUnavailable, geocode_area
from fusus_portal.ground.geo.points import Point, Precision
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.finder.index import current_index
from fusus_portal.ground.streets.finder.matches import NUMBERED, Found
from fusus_portal.ground.streets.forms import AddressInput
from fusus_portal.ground.streets.geocoding import AddressUnknown, chosen, geocode, place_of, question_of, sent_to
from fusus_portal.ground.streets.policies import check_street
from fusus_portal.ground.streets.services import NewAddress
from registry.places import policies
from registry.places.camera_fields import AS_ASKED, NAMES, Part
from registry.places.models import ADDRESS, Camera, Premises, PremisesKind
from registry.places.presenters import where
from registry.places.selectors import at_address
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import Registrant

POINT = ("latitude", "longitude")

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


def _degrees(label: Any, most: int) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal", "autocomplete": "off"})
    missing = {"required": _("Put the pin where the place is.")}
    return forms.FloatField(label=label, error_messages=missing, min_value=-most, max_value=most, widget=widget)


class Placed(CheckedForm):
    """A form with a point: the map writes latitude and longitude, and people can type them."""

    elsewhere = "latitude"

    latitude = _degrees(_("Latitude"), 90)
    longitude = _degrees(_("Longitude"), 180)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in POINT:
            self.fields[name].called = _("Pin")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Report a missing pin once, not for latitude and longitude each."""
        cleaned = super().clean()
        if all(self.has_error(name, "required") for name in POINT):
            del self.errors["longitude"]
        return cleaned

    def point(self) -> Point:
        return Point(self.cleaned_data["latitude"], self.cleaned_data["longitude"])

    def written(self) -> dict[str, Any]:
        rest = {name: value for name, value in super().written().items() if name not in POINT}
        return {**rest, self.called.get("point", "point"): self.point()}


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
            cleaned.update(street=address.street, city=address.city, zip_code=address.zip_code)
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


class PinForm(Placed):
    """The pin of an address. found: location by the address. needs_confirmation: the pin is at the county line."""

    called: ClassVar = {"point": "pin"}

    confirmed = forms.BooleanField(label=_("Yes, the pin is right: the cameras are inside the county."), required=False)

    def __init__(self, *args: Any, found: Geocoded, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = self.initial or {"latitude": found.point.latitude, "longitude": found.point.longitude}
        self.found = found
        self.needs_confirmation = False

    @property
    def is_guess(self) -> bool:
        return self.found.precision == Precision.AREA

    @property
    def where(self) -> str:
        return where(self.found.point)

    def clean(self) -> dict[str, Any]:
        """Refuse a pin outside the county, far from its address, in the ZIP code's middle, or not confirmed."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        pin, confirmed = self.point(), bool(cleaned["confirmed"])
        for check in (self.check_where, partial(policies.check_pin, address=self.found), self.check_moved):
            self.ask(check, pin)
        if not self.errors:
            self.ask(partial(policies.check_confirmed, confirmed=confirmed), pin)
            self.needs_confirmation = "confirmed" in self.errors
        return cleaned

    def check_where(self, pin: Point) -> None:
        policies.check_inside(pin, field="latitude")

    def check_moved(self, pin: Point) -> None:
        if self.is_guess and pin.distance_m(self.found.point) < 1:
            sentence = _("Please move the pin to your building. It is only in your ZIP code now.")
            raise ValidationError({"latitude": sentence})


def address_of(typed: dict[str, Any]) -> Address:
    return Address(typed["street"], typed["city"], typed["state"], typed["zip_code"])


def could_be_inside(found: Geocoded) -> bool:
    """True if the address may be inside although the middle of its ZIP code area is outside the county."""
    return found.precision == Precision.AREA and boundary_distance_m(found.point) <= ZIP_MAY_REACH_M


UNKNOWN = _("We don't know this place. Write it another way, or put the pin there.")
ALMOST = _("We don't know this exact place. Did you mean %(place)s?")
CLOSE = _("We don't know this exact place. Choose one below, write it another way, or put the pin there.")


class PlacedByName(Placed):
    """A form with a place by name beside its point. Changing the name alone moves the point there.

    placed: the point and place before editing. meant: the chosen one of the places `near`. is_lost: the point should
    follow the name, but the place is unknown.
    """

    placed = forms.CharField(required=False, widget=forms.HiddenInput)
    meant = forms.CharField(label=_("Which place is it?"), required=False, initial="", widget=forms.HiddenInput)

    insists = False
    """True to refuse an unknown place again, even if neither the name nor the point was changed."""

    def __init__(self, data: Any = None, *arguments: Any, **options: Any) -> None:
        self.near: list[Found] = []
        self.is_lost = False
        if data:
            data = data.copy()
            self._follow(data)
        super().__init__(data, *arguments, **options)
        self.initial.setdefault("placed", f"{_point(self.initial)}|{_place(self.initial)}")

    def clean(self) -> dict[str, Any]:
        """Refuse an unknown place, without asking for its missing point as well."""
        cleaned = super().clean()
        if self.is_lost:
            self.add_error("place", ValidationError(self._why_not()))
            choices = [(each.address, each.address) for each in self.near]
            self.fields["meant"].widget = forms.RadioSelect(choices=choices)
            self.fields["meant"].required = True
        if "place" in self.errors:
            for name in POINT:
                if not self.data.get(name):
                    self.errors.pop(name, None)
        return cleaned

    def _why_not(self) -> str:
        """Return a question about an unknown place: on the same number in another city, or on a list of near ones."""
        if not self.near:
            return str(UNKNOWN)
        first = self.near[0]
        if first.precision in NUMBERED and not first.is_near:
            return str(ALMOST) % {"place": first.address}
        return str(CLOSE)

    def written(self) -> dict[str, Any]:
        return {name: value for name, value in super().written().items() if name not in {"placed", "meant"}}

    def _follow(self, data: Any) -> None:
        """Move the point to the typed place if only the place was changed, or has no point yet."""
        place, point = _place(data), _point(data)
        shown_point, _bar, shown_place = str(data.get("placed", "")).partition("|")
        is_set = all(data.get(name) for name in POINT)
        if place and not (is_set and (place == shown_place or point != shown_point)) and current_index() is not None:
            self._look_up(place, data)
        data["placed"] = f"{_point(data)}|{'' if self.is_lost and self.insists else _place(data)}"

    def _look_up(self, place: str, data: Any) -> None:
        near = finder.find_places(place)
        chosen = next((each for each in near if each.address == data.get("meant")), None)
        there: Point | None = chosen.point if chosen else place_of(place)
        data["meant"] = ""
        if there is None:
            self.near, self.is_lost = near, True
            return
        if chosen:
            data["place"] = chosen.label
        data["latitude"], data["longitude"] = f"{there.latitude:.6f}", f"{there.longitude:.6f}"


def _place(said: Mapping[str, Any]) -> str:
    return " ".join(str(said.get("place") or "").split())


def _point(said: Mapping[str, Any]) -> str:
    return ",".join(str(said.get(name) or "").strip() for name in POINT)


class MissingAddressForm(Placed):
    street = forms.CharField(label=_("Street and number"), max_length=100)
    city = forms.CharField(label=_("City"), max_length=60)
    zip_code = forms.RegexField(
        label=_("ZIP code"),
        regex=r"^\d{5}$",
        error_messages={"invalid": _("A ZIP code has five digits, for example 35203.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "usa-input--small"}),
    )

    field_order = ("street", "city", "zip_code", "latitude", "longitude")

    def rules(self) -> Iterable[Rule]:
        return (
            (("street",), check_street),
            (("latitude", "longitude"), lambda *pin: policies.check_inside(Point(*pin), field="latitude")),
        )

    def written(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {"address": NewAddress(told["street"], told["city"], told["zip_code"], self.point())}


MOST_AT_ONCE = 20
PREFIX = "camera"
CameraForms: TypeAlias = "forms.BaseFormSet[CameraForm]"


class PictureForm(CheckedForm):
    """A picture of a camera's view. The decoded content, not the file name, shows if it is one."""

    called: ClassVar = {"picture": "upload"}

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB. Place, time and device that the file tells are taken out."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": _("Choose a picture."), "empty": _("This file is empty. Choose a picture.")},
    )


class CameraForm(NoWayIn):
    """One camera. No field takes the address of the camera's video, nor a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in AS_ASKED:
            self.fields[field.name] = deepcopy(field.asked)
        self.fields["name"].error_messages["required"] = self._nameless()

    def rules(self) -> Iterable[Rule]:
        return [(("facing", seen), policies.check_direction) for seen in ("angle", "reach_m")]

    def _nameless(self) -> str:
        # In a list of cameras the form's prefix ends with the camera's number.
        _name, _dash, index = (self.prefix or "").rpartition("-")
        if not index.isdecimal():
            return gettext("Type a name for the camera.")
        return gettext("Type a name for camera %(number)d.") % {"number": int(index) + 1}

    @property
    def opens_details(self) -> bool:
        return any(field.name in self.errors for field in AS_ASKED if field.part is not Part.OPEN)

    @property
    def parts(self) -> dict[str, list[forms.BoundField]]:
        return {part.value: [self[field.name] for field in AS_ASKED if field.part is part] for part in Part}


class OwnCameraForm(CameraForm):
    """One camera of a registered place. own: the camera to change, None for a new one."""

    def __init__(self, *args: Any, at: Premises, own: Camera | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.own = at, own

    def written(self) -> dict[str, Any]:
        return {"details": CameraDetails(**self.cleaned_data)}

    def rules(self) -> Iterable[Rule]:
        return [*super().rules(), (("name",), partial(policies.check_camera_name, at=self.at, own=self.own))]


class _CameraRows(forms.BaseFormSet[CameraForm]):
    default_error_messages: ClassVar = {
        **forms.BaseFormSet.default_error_messages,
        "too_few_forms": _("Add at least one camera."),
    }

    def non_form_errors(self) -> ErrorList:
        """Leave out the error that no camera was added, if an empty row has an error of its own."""
        found = super().non_form_errors()
        if any(form.errors for form in self.forms):
            found.data = [each for each in found.as_data() if each.code != "too_few_forms"]
        return found

    def clean(self) -> None:
        names: set[str] = set()
        for form in self.forms:
            name = " ".join(form.cleaned_data.get("name", "").split()).casefold()
            if name and name in names:
                form.add_error("name", _("Two cameras here have this name. Call one of them something else."))
            names.add(name)


CameraFormSet: type[CameraForms] = forms.formset_factory(
    CameraForm,
    formset=_CameraRows,
    extra=0,
    min_num=1,
    max_num=MOST_AT_ONCE,
    validate_min=True,
    validate_max=True,
    absolute_max=MOST_AT_ONCE,
)


def rows_after(posted: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the typed rows after a button was pressed: `another` adds a row, `remove` takes out row n."""
    count, removed = _number_in(posted, f"{PREFIX}-TOTAL_FORMS"), _number_in(posted, "remove")
    rows = [
        {name: posted.get(f"{PREFIX}-{index}-{name}", "") for name in NAMES}
        for index in range(min(count or 0, MOST_AT_ONCE))
    ]
    if removed is not None and removed < len(rows) > 1:
        del rows[removed]
    if "another" in posted and len(rows) < MOST_AT_ONCE:
        rows.append({})
    return rows


def _number_in(posted: Mapping[str, str], name: str) -> int | None:
    """Return a number that our own page wrote, None for any other text; int() fails on thousands of digits."""
    text = posted.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= len(str(MOST_AT_ONCE)) else None
