"""Forms about incidents."""

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.accounts.models import User
from registry.forms.fields import LocalMoment, Placed
from registry.models import Incident, IncidentType
from registry.selectors import incidents


class IncidentForm(Placed):
    """A new incident."""

    number = forms.CharField(label=_("Incident number"), max_length=20, help_text=_("For example 2026-000123"))
    type = forms.ModelChoiceField(
        label=_("Crime or emergency"), queryset=IncidentType.objects.none(), empty_label=_("Choose one")
    )
    place = forms.CharField(
        label=_("Place"), max_length=160, help_text=_("As people say it: 2100 block of Morris Avenue")
    )
    starts_at = LocalMoment(label=_("From"))
    ends_at = LocalMoment(label=_("To"))

    field_order = ("number", "type", "place", "starts_at", "ends_at", "latitude", "longitude")

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.fields["type"].queryset = incidents.types()  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Who else works on the incident."""

    user = forms.ModelChoiceField(label=_("Assign someone"), queryset=User.objects.none(), empty_label=_("Choose one"))

    def __init__(self, *arguments: object, incident: Incident, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.fields["user"].queryset = incidents.assignable(incident)  # type: ignore[attr-defined]
        self.fields["user"].label_from_instance = lambda user: f"{user.name} ({user.pseudonym})"  # type: ignore[attr-defined]
