"""Clerks' forms about warranty claims."""

from django import forms
from django.utils.translation import gettext_lazy as _

from integration.forms.refused import RefusedForm


class SerialForm(RefusedForm):
    """Which CORE."""

    serial = forms.CharField(
        label=_("Serial number"),
        max_length=40,
        help_text=_("Scan or type it."),
        widget=forms.TextInput(attrs={"autofocus": True, "spellcheck": "false"}),
    )
