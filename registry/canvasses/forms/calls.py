from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.checked_forms import Rule
from fusus_portal.ground.geo.areas import Area
from registry.canvasses.forms.canvasses import AskingForm, CircleForm, PolygonForm
from registry.canvasses.policies import canvasses
from registry.canvasses.presenters.map_form import CIRCLE, POLYGON
from registry.canvasses.services.canvasses import CanvassArea
from registry.incidents.forms.incidents import IncidentForm
from registry.incidents.models.incidents import Incident
from registry.incidents.policies import reasons

ASKS = "look"
"""Name of the button that searches at once. Any other button opens the incident alone."""

SEARCHED = ("radius_m", "corners", "purpose", "reason")


class CallForm(IncidentForm, AskingForm):
    """An incident with its first search. shape: of the area. asks: False opens the incident alone."""

    radius_m = CircleForm.base_fields["radius_m"]
    corners = PolygonForm.base_fields["corners"]
    field_order = [*(IncidentForm.field_order or ()), *SEARCHED]

    def __init__(
        self, data: Any = None, *arguments: Any, by: User, shape: str = CIRCLE, asks: bool = False, **options: Any
    ) -> None:
        super().__init__(data, *arguments, by=by, **options)
        self.shape, self.asks = shape, asks
        self.where = "corners" if shape == POLYGON else "radius_m"
        del self.fields["radius_m" if shape == POLYGON else "corners"]

    def rules(self) -> Iterable[Rule]:
        if not self.asks:
            return super().rules()
        return (
            *super().rules(),
            (("latitude", "longitude", self.where), self._check_area),
            (("starts_at", "ends_at"), self._check_footage),
            (("reason",), self._check_reason),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.asks:
            for name in SEARCHED:
                self.errors.pop(name, None)
        return cleaned

    def written(self) -> dict[str, Any]:
        said = super().written()
        asked = {name: said.pop(name, None) for name in SEARCHED}
        if not self.asks:
            return said
        starts_at, ends_at = self._footage(said["starts_at"], self.cleaned_data["ends_at"])
        return {**said, "wanted": CanvassArea(self._area(), starts_at, ends_at, asked["purpose"], asked["reason"])}

    def _area(self) -> Area:
        if self.shape == POLYGON:
            return Area.polygon(self.cleaned_data["corners"])
        return Area(self.point(), self.cleaned_data["radius_m"])

    def _footage(self, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
        return canvasses.footage_window(starts_at, ends_at, self.limits)

    def _check_area(self, north: float, east: float, _area: object) -> None:
        area = self._area()
        canvasses.check_area(area, self.limits)
        canvasses.check_nearby(area, Incident(latitude=north, longitude=east))

    def _check_footage(self, starts_at: datetime, ends_at: datetime) -> None:
        happened = Incident(starts_at=starts_at, ends_at=ends_at)
        canvasses.check_window(*self._footage(starts_at, ends_at), happened, self.limits)

    def _check_reason(self, reason: str) -> None:
        said = self.cleaned_data
        listed = [named for name in ("type", "purpose") if (named := said.get(name))]
        known = [said.get("number", ""), said.get("place", ""), *(name for each in listed for name in each.names)]
        reasons.check_reason(reason, limits=self.limits, repeats=known)


def call_of(request: HttpRequest, initial: dict[str, Any], *, by: User) -> CallForm:
    """Return the form of a request. If only the other shape was chosen, typed values are kept and not checked yet."""
    shape = POLYGON if request.GET.get("shape") == POLYGON else CIRCLE
    if "redraw" in request.POST:
        return CallForm(initial={**initial, **request.POST.dict()}, by=by, shape=shape)
    return CallForm(request.POST or None, initial=initial, by=by, shape=shape, asks=ASKS in request.POST)
