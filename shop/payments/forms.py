from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.pages.fields import Day
from shop.catalogue.forms import HundredthsField
from shop.catalogue.money import dollars
from shop.orders.models.orders import Order, OrderLine
from shop.orders.selectors.money import owed_of
from shop.payments import policies, selectors
from shop.payments.models import Payment, Refund


class RefundForm(CheckedForm):
    """Cents by line, with their share of tax and discount, and a reason. by: the clerk. payment: None if unpaid."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def __init__(
        self, *args: Any, by: User, lines: Sequence[OrderLine], payment: Payment | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.payment = by, payment
        self.lines = {str(line.pk): line for line in lines}
        for key, line in self.lines.items():
            left = {"left": dollars(line.total - line.held)}
            self.fields[key] = HundredthsField(
                label=line.name,
                help_text=_("In dollars, with tax. Up to %(left)s can still go back.") % left,
                min_value=0,
                required=False,
            )
        self.order_fields([*self.lines, "reason"])
        self.elsewhere = next(iter(self.lines), None)

    @cached_property
    def asked(self) -> Refund | None:
        """The refund that an earlier press of the same form has asked for."""
        key = self.cleaned_data.get("key")
        return selectors.asked_refund(key, self.by) if key else None

    def rules(self) -> Iterable[Rule]:
        if self.asked:
            return
        for key, line in self.lines.items():
            yield (key,), partial(policies.check_amount, line=line)
        if (payment := self.payment) is not None:
            yield tuple(self.lines), lambda *_amounts: policies.check_sum(self.amounts().values(), payment=payment)

    def amounts(self) -> dict[UUID, int]:
        written = {key: self.cleaned_data.get(key) for key in self.lines}
        return {self.lines[key].pk: cents for key, cents in written.items() if cents}


class RefundCheckForm(CheckedForm):
    check_number = forms.CharField(label=gettext_lazy("Number of the check"), max_length=40)


class InvoiceCheckForm(RefundCheckForm):
    called = {"check_number": "number"}

    cents = HundredthsField(label=gettext_lazy("Amount in dollars"), min_value=0, max_digits=12, is_small=False)
    received_on = Day(label=gettext_lazy("Received on"), initial=timezone.localdate)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order

    def rules(self) -> Iterable[Rule]:
        return (
            (("check_number",), partial(policies.check_new_number, order=self.order)),
            (("cents",), partial(policies.check_cents, due=owed_of(self.order))),
            (("received_on",), policies.check_day),
        )
