"""What the auditors' pages read from an address, and from a form."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PageForm(forms.Form):
    """Which part of the log: entries older than the one numbered `before`."""

    before = forms.IntegerField(required=False, min_value=1)


class SettleForm(forms.Form):
    """Why an alarm is settled."""

    reason = forms.CharField(
        label=_("What you found and did"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It stands in the log, and can't be changed."),
    )
