"""A place as people write it ("2000 block of 11th Ave S"), and its point, which follows it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets import finding
from fusus_portal.ground.streets.found_places import NUMBERED, Found
from fusus_portal.ground.streets.geocoding import place_of
from fusus_portal.ground.streets.street_index import current
from registry.places.forms.places import POINT, Placed

UNKNOWN = _("We don't know this place. Write it another way, or put the pin there.")
ALMOST = _("We don't know this exact place. Did you mean %(place)s?")
CLOSE = _("We don't know this exact place. Choose one below, write it another way, or put the pin there.")


class PlacedByName(Placed):
    """A form with a place by name beside its point. Changing the name alone moves the point there.

    placed: the point and place before editing. meant: the chosen one of `near`. is_lost: the point should follow, but
    the place is unknown.
    """

    placed = forms.CharField(required=False, widget=forms.HiddenInput)
    meant = forms.CharField(label=_("Which place is it?"), required=False, initial="", widget=forms.HiddenInput)

    insists = False
    """True to refuse an unknown place again, even if neither it nor the point was changed."""

    def __init__(self, data: Any = None, *arguments: Any, **options: Any) -> None:
        self.near: list[Found] = []
        self.is_lost = False
        if data:
            data = data.copy()
            self._follow(data)
        super().__init__(data, *arguments, **options)
        self.initial.setdefault("placed", _told(self.initial))

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
        """Return the question: the same number in another city is one question, closer numbers are a list."""
        if not self.near:
            return str(UNKNOWN)
        first = self.near[0]
        if first.precision in NUMBERED and not first.is_near:
            return str(ALMOST) % {"place": first.address}
        return str(CLOSE)

    def written(self) -> dict[str, Any]:
        return {name: value for name, value in super().written().items() if name not in {"placed", "meant"}}

    def _follow(self, data: Any) -> None:
        """Move the point to a place that was changed alone, or that has no point yet."""
        place, point = _place(data), _point(data)
        shown_point, _bar, shown_place = str(data.get("placed", "")).partition("|")
        is_set = all(data.get(name) for name in POINT)
        if place and not (is_set and (place == shown_place or point != shown_point)) and current() is not None:
            self._look_up(place, data)
        data["placed"] = f"{_point(data)}|{'' if self.is_lost and self.insists else _place(data)}"

    def _look_up(self, place: str, data: Any) -> None:
        near = finding.find(place)
        chosen = next((each for each in near if each.address == data.get("meant")), None)
        there: Point | None = chosen.point if chosen else place_of(place)
        data["meant"] = ""
        if there is None:
            self.near, self.is_lost = near, True
            return
        if chosen:
            data["place"] = chosen.label
        data["latitude"], data["longitude"] = f"{there.latitude:.6f}", f"{there.longitude:.6f}"


def _told(said: Mapping[str, Any]) -> str:
    return f"{_point(said)}|{_place(said)}"


def _place(said: Mapping[str, Any]) -> str:
    return " ".join(str(said.get("place") or "").split())


def _point(said: Mapping[str, Any]) -> str:
    return ",".join(str(said.get(name) or "").strip() for name in POINT)
