from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.geo.points import Area, Point
from fusus_portal.ground.pages.fields import FewLines, LocalMoment
from fusus_portal.ground.pages.numbers import RadiusField
from fusus_portal.ground.streets.forms import AddressInput
from registry.canvasses import policies, selectors
from registry.canvasses.models import CanvassPurpose, LeftOut
from registry.canvasses.presenters.console import CIRCLE, POLYGON
from registry.canvasses.services.canvasses import CanvassArea
from registry.incidents.forms import IncidentForm
from registry.incidents.models import Incident
from registry.incidents.policies import reasons
from registry.limits.forms import ReasonLines
from registry.limits.models import Limits
from registry.places.forms.pins import PlacedByName
from registry.rules import CEILING_WINDOW


class Corners(forms.CharField):
    """Corners of a polygon, one "latitude, longitude" a line, written by the map or typed."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=4000, widget=widget, **options)

    def clean(self, value: object) -> tuple[Point, ...]:
        lines = [line for line in str(super().clean(value)).splitlines() if line.strip()]
        corners = tuple(_corner(line, number) for number, line in enumerate(lines, start=1))
        return corners[:-1] if len(corners) > 1 and corners[0] == corners[-1] else corners


def _corner(line: str, number: int) -> Point:
    parts = line.replace(",", " ").split()
    try:
        latitude, longitude = (float(part) for part in parts)
        return Point(latitude, longitude)
    except ValueError:
        sentence = _("Line %(number)d is no corner. Write it like 33.5206, -86.8108.")
        raise ValidationError(sentence % {"number": number}) from None


class AskingForm(CheckedForm):
    """Purpose and reason of a request for footage. limits: those in force, read once a form."""

    purpose = forms.ModelChoiceField(
        label=gettext_lazy("Purpose"),
        queryset=CanvassPurpose.objects.none(),
        empty_label=gettext_lazy("Choose one"),
        help_text=gettext_lazy("Owners read it in the request."),
        error_messages={"required": gettext_lazy("Choose a purpose. Owners read it in the request.")},
    )
    reason = ReasonLines(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "What the footage may show. Auditors read it. Write no names: no victim's, no witness's, no owner's."
        ),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.limits = Limits.current()
        self.fields["purpose"].queryset = selectors.listed_purposes()  # type: ignore[attr-defined]
        self.fields["reason"].widget.owners_read = self.limits.shows_reasons


class CanvassForm(AskingForm):
    """Hours, purpose and reason of the footage. A subclass adds the area. where: the fields of the area."""

    shape: ClassVar[str]
    where: ClassVar[tuple[str, ...]]
    area: Callable[[], Area]

    starts_at = LocalMoment(label=gettext_lazy("Footage from"))
    ends_at = LocalMoment(
        label=gettext_lazy("Footage to"),
        help_text=gettext_lazy(
            "From %(minutes)d minutes to %(hours)d hours; up to %(most)d with a supervisor's approval."
        ),
    )

    def __init__(self, *arguments: Any, incident: Incident, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.incident = incident
        shortest, longest = self.limits.shortest_window_minutes, self.limits.longest_window_hours
        numbers = {"minutes": shortest, "hours": longest, "most": round(CEILING_WINDOW.total_seconds() / 3600)}
        self.fields["ends_at"].help_text = str(self.fields["ends_at"].help_text) % numbers

    def written(self) -> dict[str, Any]:
        rest = {name: self.cleaned_data[name] for name in ("starts_at", "ends_at", "purpose", "reason")}
        return {"wanted": CanvassArea(self.area(), **rest)}

    def rules(self) -> Iterable[Rule]:
        return (
            (self.where, self._check_area),
            (("starts_at", "ends_at"), partial(policies.check_window, incident=self.incident, limits=self.limits)),
            (("reason",), self._check_reason),
        )

    def _check_area(self, *_where: object) -> None:
        area = self.area()
        policies.check_area(area, self.limits)
        policies.check_nearby(area, self.incident)

    def _check_reason(self, reason: str) -> None:
        policies.check_reason(reason, incident=self.incident, purpose=self.cleaned_data.get("purpose"))


class CircleForm(CanvassForm, PlacedByName):
    shape = CIRCLE
    where = ("latitude", "longitude", "radius_m")
    elsewhere = "latitude"
    insists = True
    field_order = ("place", "latitude", "longitude", "radius_m", "starts_at", "ends_at", "purpose", "reason")

    place = forms.CharField(
        label=gettext_lazy("Move the middle to an address or a corner"),
        required=False,
        max_length=160,
        widget=AddressInput(attrs={"autocomplete": "off"}),
    )
    radius_m = RadiusField(label=gettext_lazy("Radius in feet"), min_value=1)

    def area(self) -> Area:
        return Area(self.point(), self.cleaned_data["radius_m"])


class PolygonForm(CanvassForm):
    shape = POLYGON
    where = ("corners",)
    elsewhere = "corners"
    field_order = ("corners", "starts_at", "ends_at", "purpose", "reason")

    corners = Corners(
        label=gettext_lazy("Corners"),
        help_text=gettext_lazy(
            "One corner a line, in order around the area: latitude, longitude. From 3 to 50. The map writes here."
        ),
    )

    def area(self) -> Area:
        return Area.polygon(self.cleaned_data["corners"])


CANVASS_FORMS: dict[str, type[CircleForm] | type[PolygonForm]] = {CIRCLE: CircleForm, POLYGON: PolygonForm}


def canvass_form_of(
    request: HttpRequest, incident: Incident, initial: dict[str, Any], *, shape: str = CIRCLE
) -> CircleForm | PolygonForm:
    """Return the form filled from the HTTP request; a circle for an unknown shape. Changes shape as `call_form_of`."""
    make = CANVASS_FORMS.get(request.GET.get("shape", shape), CircleForm)
    if "redraw" in request.POST:
        return make(incident=incident, initial={**initial, **request.POST.dict()})
    return make(request.POST or None, incident=incident, initial=initial)


class ApprovalQuestionForm(CheckedForm):
    reason = FewLines(
        label=gettext_lazy("Why it has to be this large or this long"),
        help_text=gettext_lazy("The supervisor and auditors read it. Write no names."),
    )


class DecisionForm(CheckedForm):
    note = FewLines(
        label=gettext_lazy("Your word"),
        required=False,
        help_text=gettext_lazy("Needed when you deny it. The person who asked and auditors read it."),
    )


class ChosenCameras(forms.Field):
    widget = forms.SelectMultiple

    def to_python(self, value: list[str] | None) -> list[UUID]:
        try:
            return [UUID(text) for text in value or []]
        except ValueError:
            raise ValidationError(_("Choose one or more cameras of the list.")) from None


class PutBackForm(CheckedForm):
    cameras = ChosenCameras(error_messages={"required": gettext_lazy("Choose one or more cameras of the list.")})


class LeaveOutForm(PutBackForm):
    why = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[("", gettext_lazy("Choose one")), *LeftOut.Why.choices],
        error_messages={"required": gettext_lazy("Choose why these cameras are left out.")},
    )


class PurposeForm(CheckedForm):
    name = forms.CharField(label=gettext_lazy("Purpose in English"), max_length=120)
    name_es = forms.CharField(label=gettext_lazy("Purpose in Spanish"), max_length=120)

    def __init__(self, *arguments: Any, own: CanvassPurpose | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.own = own

    def rules(self) -> Iterable[Rule]:
        return (
            (("name",), lambda name: policies.check_purpose_english(name, but=self.own)),
            (("name_es",), lambda name: policies.check_purpose_name(name, field="name_es")),
        )


SEARCH_BUTTON = "look"
"""Name of the button that searches at once. Any other button opens the incident without a search."""

SEARCH_FIELDS = ("radius_m", "corners", "purpose", "reason")


class CallForm(IncidentForm, AskingForm):
    """A call: a new incident, with its first search. shape: of the area. asks: False for no search."""

    radius_m = CircleForm.base_fields["radius_m"]
    corners = PolygonForm.base_fields["corners"]
    field_order = [*(IncidentForm.field_order or ()), *SEARCH_FIELDS]

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
            for name in SEARCH_FIELDS:
                self.errors.pop(name, None)
        return cleaned

    def written(self) -> dict[str, Any]:
        said = super().written()
        asked = {name: said.pop(name, None) for name in SEARCH_FIELDS}
        if not self.asks:
            return said
        window = policies.footage_window(said["starts_at"], self.cleaned_data["ends_at"], self.limits)
        return {**said, "wanted": CanvassArea(self._area(), *window, asked["purpose"], asked["reason"])}

    def _area(self) -> Area:
        if self.shape == POLYGON:
            return Area.polygon(self.cleaned_data["corners"])
        return Area(self.point(), self.cleaned_data["radius_m"])

    def _check_area(self, north: float, east: float, _area: object) -> None:
        area = self._area()
        policies.check_area(area, self.limits)
        policies.check_nearby(area, Incident(latitude=north, longitude=east))

    def _check_footage(self, starts_at: datetime, ends_at: datetime) -> None:
        happened = Incident(starts_at=starts_at, ends_at=ends_at)
        window = policies.footage_window(starts_at, ends_at, self.limits)
        policies.check_window(*window, happened, self.limits)

    def _check_reason(self, reason: str) -> None:
        said = self.cleaned_data
        listed = [named for name in ("type", "purpose") if (named := said.get(name))]
        known = [said.get("number", ""), said.get("place", ""), *(name for each in listed for name in each.names)]
        reasons.check_reason(reason, limits=self.limits, repeats=known)


def call_form_of(request: HttpRequest, initial: dict[str, Any], *, by: User) -> CallForm:
    """Return the form filled from the HTTP request. A change of shape alone keeps the typed values and checks none."""
    shape = POLYGON if request.GET.get("shape") == POLYGON else CIRCLE
    if "redraw" in request.POST:
        return CallForm(initial={**initial, **request.POST.dict()}, by=by, shape=shape)
    return CallForm(request.POST or None, initial=initial, by=by, shape=shape, asks=SEARCH_BUTTON in request.POST)
