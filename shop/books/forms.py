"""Which days of the books, and what a clerk writes about a difference."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm
from shop.books.periods import Period
from shop.books.policies import check_period

LONGEST_NOTE = 200


class PeriodForm(forms.Form):
    """From one day to another."""

    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """Hold the days against what can be asked for."""
        written: dict[str, Any] = super().clean() or {}
        if "first" in written and "last" in written:
            try:
                written["period"] = check_period(written["first"], written["last"], today=timezone.localdate())
            except ValidationError as error:
                self.add_error(None, error)
        return written

    @property
    def period(self) -> Period:
        """The days of a form that is valid."""
        found: Period = self.cleaned_data["period"]
        return found


class DoneForm(CheckedForm):
    """What was done about it."""

    note = forms.CharField(
        label=_("What was done"),
        max_length=LONGEST_NOTE,
        help_text=_("For whoever looks at this later, in one sentence."),
    )
