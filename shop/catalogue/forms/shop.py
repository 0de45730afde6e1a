"""How many, and for how many cameras."""

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm

MOST_CAMERAS = 1000


class CamerasForm(forms.Form):
    """How many cameras somebody has."""

    cameras = forms.IntegerField(
        label=_("How many cameras do you have?"), min_value=1, max_value=MOST_CAMERAS, widget=forms.NumberInput()
    )


class QuantityForm(CheckedForm):
    """How many pieces. What may be ordered is for the service to say, in its own words."""

    quantity = forms.IntegerField(
        label=_("How many?"),
        initial=1,
        widget=forms.NumberInput(attrs={"min": 1, "class": "usa-input--small", "inputmode": "numeric"}),
    )
