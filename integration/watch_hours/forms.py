from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SHOWN = timedelta(days=27)

LONGEST = timedelta(days=366)
DAY = {"type": "date", "class": "usa-input--medium"}


class DaysForm(forms.Form):
    """First and last day, both included; the last four weeks by default."""

    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))

    def __init__(self, data: Any) -> None:
        until = timezone.localdate()
        initial = {"since": until - SHOWN, "until": until}
        super().__init__(data or None, initial=initial)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        since, until = self._days(typed)
        if since > until:
            self.add_error("until", _("The last day must not come before the first."))
        elif until - since > LONGEST:
            self.add_error("since", _("Choose a year at most."))
        return typed

    def days(self) -> tuple[date, date]:
        """Return the first and the last day; the last four weeks if they can't be read."""
        return self._days(self.cleaned_data if self.is_valid() else {})

    def _days(self, typed: dict[str, Any]) -> tuple[date, date]:
        until = typed.get("until") or self.initial["until"]
        return typed.get("since") or until - SHOWN, until
