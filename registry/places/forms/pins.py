"""Forms with a point: a pin on a map, or a place by its name."""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.geo.counties import County, county_at, inside_jurisdiction, near_boundary, own_county
from fusus_portal.ground.geo.geocoding import Geocoded
from fusus_portal.ground.geo.points import Point, Precision
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.finder.index import current_index
from fusus_portal.ground.streets.finder.matches import NUMBERED, Found
from fusus_portal.ground.streets.finder.numbers import LONGEST_TEXT
from fusus_portal.ground.streets.geocoding import place_of
from fusus_portal.ground.streets.policies import check_street
from fusus_portal.ground.streets.presenters import where_found
from fusus_portal.ground.streets.services import NewAddress
from registry.places import policies

POINT = ("latitude", "longitude")


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


def other_county(point: Point) -> County | None:
    """Return the county of a point outside the agency's boundary; None inside, and in no county or in our own."""
    county = None if inside_jurisdiction(point) else county_at(point)
    return None if county == own_county() else county


_PASTED = re.compile(r"\(?(-?\d{1,2}\.\d{3,15})°?[,; ]\s*(-?\d{1,3}\.\d{3,15})°?\)?", re.ASCII)

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
        if place and not (is_set and (place == shown_place or point != shown_point)) and self.can_look_up():
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
        self._move(there, data)

    def can_look_up(self) -> bool:
        return current_index() is not None

    def _move(self, there: Point, data: Any) -> None:
        data["latitude"], data["longitude"] = f"{there.latitude:.6f}", f"{there.longitude:.6f}"


def pasted_point(text: str) -> Point | None:
    """Return the point in a text that a map app copies, such as "33.5186, -86.8104"; None in any other."""
    found = _PASTED.fullmatch(text)
    try:
        return Point(float(found[1]), float(found[2])) if found else None
    except ValueError:
        return None


def _place(said: Mapping[str, Any]) -> str:
    return " ".join(str(said.get("place") or "").split())


def _point(said: Mapping[str, Any]) -> str:
    return ",".join(str(said.get(name) or "").strip() for name in POINT)


class PinForm(PlacedByName):
    """The pin of an address, on a map or by the name of the spot. No page shows its coordinates.

    found, street: location by the address, and its street line. asks: why the pin is to be confirmed, "line" at the
    county line, "water" in a lake.
    """

    called: ClassVar = {"point": "pin"}
    needed_where_shown: ClassVar = ("place",)
    insists = True

    place = forms.CharField(
        label=_("Where is it?"),
        help_text=_("The address next door, a corner such as 20th St S and 11th Ave S, or what a map app copies."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    confirmed = forms.BooleanField(label=_("Yes, the pin is right: the cameras are inside the county."), required=False)
    field_order = ("confirmed", "place", "meant")

    outside: County | None = None
    """The other county that the pin is in."""

    def __init__(self, *args: Any, found: Geocoded, street: str, initial: Any = None, **kwargs: Any) -> None:
        at = {"latitude": found.point.latitude, "longitude": found.point.longitude}
        super().__init__(*args, initial={**(initial or at)}, **kwargs)
        for name in POINT:
            self.fields[name].widget = forms.HiddenInput()
        self.found, self.street = found, street
        self.asks = ""

    @property
    def is_guess(self) -> bool:
        return self.found.precision == Precision.AREA

    @property
    def where(self) -> str:
        """The spot of the pin in words, or "" if only its ZIP code area is known."""
        try:
            pin = Point(*(float(self[name].value()) for name in POINT))
        except (TypeError, ValueError):
            return ""
        is_unmoved = self.is_guess and pin.distance_m(self.found.point) < 1
        return "" if is_unmoved else where_found(pin, self.found, self.street)

    @property
    def kept(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*POINT, "confirmed")}

    def written(self) -> dict[str, Any]:
        return {name: value for name, value in super().written().items() if name != "place"}

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
            self.asks = self._asks(pin) if "confirmed" in self.errors else ""
        return cleaned

    def _asks(self, pin: Point) -> str:
        if near_boundary(pin):
            return "line"
        self.fields["confirmed"].label = _("Yes, the pin is right: the cameras are on the water.")
        return "water"

    def check_where(self, pin: Point) -> None:
        self.outside = other_county(pin)
        policies.check_inside(pin, field="latitude")

    def check_moved(self, pin: Point) -> None:
        if self.is_guess and pin.distance_m(self.found.point) < 1:
            sentence = _("Please move the pin to your building. It is only in your ZIP code now.")
            raise ValidationError({"latitude": sentence})

    def can_look_up(self) -> bool:
        return True

    def _look_up(self, place: str, data: Any) -> None:
        """Take a pasted spot, even where no streets are loaded, else look the place up."""
        pasted = pasted_point(place)
        if pasted:
            self._move(pasted, data)
        elif current_index() is None:
            self.is_lost = True
        else:
            super()._look_up(place, data)


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
