"""The form of a category of how long footage is kept."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RetentionForm(forms.Form):
    """One category."""

    name = forms.CharField(label=_("Name"), max_length=80)
    name_es = forms.CharField(label=_("Name in Spanish"), max_length=80, required=False)
    days = forms.IntegerField(
        label=_("Days that footage is kept"),
        min_value=1,
        help_text=_("Counted from its receipt. 1095 days are 3 years."),
    )
    floor_days = forms.IntegerField(
        label=_("Never fewer days than"),
        min_value=1,
        help_text=_("What the law or your records schedule asks for. This number can only go up."),
    )
