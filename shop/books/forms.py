from collections.abc import Iterable
from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.pages.fields import Day
from shop.books.policies import Period, check_period


class PeriodForm(CheckedForm):
    first = Day(label=_("First day"))
    last = Day(label=_("Last day"))
    period: Period

    def rules(self) -> Iterable[Rule]:
        return ((("first", "last"), self._check),)

    def _check(self, first: date, last: date) -> None:
        self.period = check_period(first, last, today=timezone.localdate())


class DoneForm(CheckedForm):
    note = forms.CharField(
        label=_("What was done"),
        max_length=200,
        help_text=_("One sentence for the person who reads this later."),
    )
