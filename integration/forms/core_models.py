"""The form of a kind of CORE."""

from django import forms
from django.utils.translation import gettext_lazy as _

from integration.rules import MOST_CAMERAS


class CoreModelForm(forms.Form):
    """One kind."""

    name = forms.CharField(label=_("Name"), max_length=80)
    cameras_supported = forms.IntegerField(
        label=_("Cameras that one of it connects"), min_value=1, max_value=MOST_CAMERAS
    )
