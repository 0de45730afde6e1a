"""Fields that several forms share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fusus_portal.checked_forms import CheckedForm
from fusus_portal.geo import Point
from registry.policies.texts import check_no_way_in


class LocalMoment(forms.DateTimeField):
    """A day and time on the agency's clock, picked with the browser's own control."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **options)


class NoWayIn(CheckedForm):
    """A form that refuses the address of a camera's video in whatever it asks for (promise R2)."""

    def clean(self) -> dict[str, Any]:
        """Refuse it beside the field."""
        cleaned = super().clean()
        try:
            check_no_way_in(cleaned)
        except ValidationError as wrong:
            self.add_error(None, wrong)
        return cleaned


class Placed(CheckedForm):
    """A form with a point: the map writes it, and people can type it."""

    elsewhere = "latitude"

    latitude = forms.FloatField(
        label=_("Latitude"),
        min_value=-90,
        max_value=90,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal", "autocomplete": "off"}),
    )
    longitude = forms.FloatField(
        label=_("Longitude"),
        min_value=-180,
        max_value=180,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal", "autocomplete": "off"}),
    )

    def point(self) -> Point:
        """Return the point of a valid form."""
        return Point(self.cleaned_data["latitude"], self.cleaned_data["longitude"])
