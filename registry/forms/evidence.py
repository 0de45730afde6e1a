"""Forms about evidence."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LookForm(forms.Form):
    """Why somebody plays or downloads footage."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: look for the white van seen at 9:40 p.m."),
    )
