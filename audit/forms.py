"""What the auditors' pages read from an address."""

from django import forms


class PageForm(forms.Form):
    """Which part of the log: entries older than the one numbered `before`."""

    before = forms.IntegerField(required=False, min_value=1)
