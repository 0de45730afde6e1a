"""What a business fills in about a CORE that it keeps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fusus_portal.checked_forms import CheckedForm
from integration.selectors import cores
from registry.models import Premises, Registrant


class KeepForm(CheckedForm):
    """At which place a CORE stands that its owner keeps."""

    premises = forms.ModelChoiceField(
        label=gettext_lazy("Where will it stand?"),
        queryset=Premises.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, registrant: Registrant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["premises"]
        field.queryset = cores.places_of(registrant)
        field.label_from_instance = lambda place: " · ".join(filter(None, (place.name, str(place.address))))
