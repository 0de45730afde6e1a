"""How much of an order goes back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integration.forms.refused import RefusedForm
from shop.models import OrderLine
from shop.money import dollars


class RefundForm(RefusedForm):
    """An amount for each line, tax and discount share included, and why."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def __init__(self, *args: Any, lines: Sequence[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {str(line.pk): line for line in lines}
        for key, line in self.lines.items():
            left = {"left": dollars(line.total - line.held)}
            self.fields[key] = forms.DecimalField(
                label=line.name,
                help_text=_("In dollars, with tax. Up to %(left)s can still go back.") % left,
                min_value=0,
                max_digits=9,
                decimal_places=2,
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "usa-input--small"}),
            )
        self.order_fields([*self.lines, "reason"])

    def amounts(self) -> dict[UUID, int]:
        """Return the cents of each line of which something goes back, of a valid form."""
        written = {key: self.cleaned_data.get(key) for key in self.lines}
        return {self.lines[key].pk: int(amount * 100) for key, amount in written.items() if amount}


class CheckForm(RefusedForm):
    """By which check it was paid out."""

    check_number = forms.CharField(label=gettext_lazy("Number of the check"), max_length=40)
