from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm

MOST_CAMERAS = 1000


class CamerasForm(forms.Form):
    cameras = forms.IntegerField(
        label=_("How many cameras do you have?"), min_value=1, max_value=MOST_CAMERAS, widget=forms.NumberInput()
    )


class QuantityForm(CheckedForm):
    """A number of pieces. The service checks it, and words the refusal."""

    quantity = forms.IntegerField(
        label=_("How many?"),
        initial=1,
        widget=forms.NumberInput(attrs={"min": 1, "class": "usa-input--small", "inputmode": "numeric"}),
    )
