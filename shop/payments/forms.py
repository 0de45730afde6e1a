from collections.abc import Iterable, Mapping, Sequence
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
from shop.orders.policies import check_pieces
from shop.orders.selectors.money import owed_of
from shop.payments import policies, selectors
from shop.payments.models import Payment


class RefundForm(CheckedForm):
    """Cents by line, with their share of tax and discount, and a reason. by: the clerk.

    payment: the one to refund, None without one. owed: cents that nobody paid. unsent: pieces of lines that still ship:
    how many of these don't ship any more, if the clerk says so.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def __init__(
        self,
        *args: Any,
        by: User,
        lines: Sequence[OrderLine],
        payment: Payment | None,
        owed: int,
        unsent: Mapping[UUID, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.payment, self.owed = by, payment, owed
        self.lines = {str(line.pk): line for line in lines}
        for key, line in self.lines.items():
            # Somebody who wrote an amount before all of it went back reads why it is refused.
            if line.total > line.held or self.data.get(key):
                self._add_line(key, line, ships=line.pk in unsent)
        self.order_fields([*(name for name in self.fields if name not in ("key", "reason")), "reason"])
        self.lines = {key: line for key, line in self.lines.items() if key in self.fields}
        self.elsewhere = next(iter(self.lines), None)

    def _add_line(self, key: str, line: OrderLine, *, ships: bool) -> None:
        words = _("In dollars, with tax. Up to %(left)s can still go back.")
        if self.payment is None:
            words = _("In dollars, with tax. Up to %(left)s can still come off the invoice.")
        self.fields[key] = HundredthsField(
            label=line.name,
            help_text=words % {"left": dollars(line.total - line.held)},
            min_value=0,
            required=False,
        )
        # All money of a single piece says enough.
        if line.quantity > 1 and ships:
            most = policies.without_failed(line).wanted
            label = _("Pieces of “%(name)s” that don't ship any more") % {"name": line.name}
            self.fields[f"pieces-{key}"] = forms.IntegerField(
                label=label,
                help_text=_("Leave it empty for as many as the amount covers the price of."),
                min_value=0,
                required=False,
                widget=forms.NumberInput(attrs={"class": "usa-input--small", "max": most}),
            )

    @cached_property
    def is_given(self) -> bool:
        """True if an earlier press of the same form has given it back."""
        key = self.cleaned_data.get("key")
        return key is not None and selectors.is_given(key, self.by)

    def rules(self) -> Iterable[Rule]:
        if self.is_given:
            return
        for key, line in self.lines.items():
            yield (key,), partial(policies.check_amount, line=line)
            if (field := f"pieces-{key}") in self.fields:
                yield (key, field), partial(_check_pieces, line=line, field=field)
        if self.payment is not None or self.owed:
            yield (
                tuple(self.lines),
                lambda *_amounts: policies.check_sum(self.amounts().values(), payment=self.payment, owed=self.owed),
            )

    def amounts(self) -> dict[UUID, int]:
        written = {key: self.cleaned_data.get(key) for key in self.lines}
        return {self.lines[key].pk: cents for key, cents in written.items() if cents}

    def pieces(self) -> dict[UUID, int]:
        written = {line.pk: self.cleaned_data.get(f"pieces-{key}") for key, line in self.lines.items()}
        return {pk: number for pk, number in written.items() if number is not None}


def _check_pieces(cents: int | None, said: int | None, *, line: OrderLine, field: str) -> None:
    check_pieces(said, line=policies.without_failed(line), cents=cents or 0, field=field)


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
