"""Forms of the checkout, of tax rates and certificates, and of clerks."""

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from localflavor.us.us_states import USPS_CHOICES

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.pages.fields import Day
from fusus_portal.ground.streets.forms import AddressInput
from shop.catalogue.forms import HundredthsField, PaperForm, paper_field
from shop.orders import policies
from shop.orders.models.orders import Order
from shop.orders.policies import (
    US_STATES,
    Sending,
    check_basis_points,
    check_rate_days,
    check_valid_until,
    check_zip,
    check_zip_prefix,
)
from shop.orders.states import Standing

STATES = [("", _("Choose")), *((code, name) for code, name in USPS_CHOICES if code in US_STATES)]


class ExemptionForm(PaperForm):
    called = {"state_code": "state"}

    state_code = forms.ChoiceField(label=_("State of the certificate"), choices=STATES)
    number = forms.CharField(label=_("Number of the certificate"), max_length=40)
    valid_until = Day(label=_("Valid until"))
    paper = paper_field(_("The certificate"))

    def rules(self) -> Iterable[Rule]:
        return (*super().rules(), (("valid_until",), partial(check_valid_until, today=timezone.localdate())))


class TaxRateForm(CheckedForm):
    called = {"state_code": "state"}

    state_code = forms.ChoiceField(label=_("State"), choices=STATES)
    zip_prefix = forms.CharField(
        label=_("ZIP codes that begin with"),
        max_length=5,
        required=False,
        help_text=_("Leave it empty for the whole state. The longest that fits counts."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "usa-input--small"}),
    )
    tax_code = forms.CharField(label=_("Tax code"), max_length=40)
    basis_points = HundredthsField(label=_("Rate in percent"), max_digits=5, min_value=0)
    starts_on = Day(label=_("From"))
    ends_on = Day(label=_("Ends before"), required=False)

    def rules(self) -> Iterable[Rule]:
        return (
            (("zip_prefix",), check_zip_prefix),
            (("basis_points",), check_basis_points),
            (("starts_on", "ends_on"), check_rate_days),
        )


class ReasonForm(CheckedForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("The business reads it."))


class FindOrderForm(forms.Form):
    q = forms.CharField(label=_("Number or business"), required=False, max_length=120)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Each state")), *(choice for choice in Standing.choices if choice[0] != Standing.DRAFT)],
    )


ANEW = {"prices", "ship_zip"}
"""Errors in these fields are corrected on the page of addresses, not on the page that confirms the order."""


class SendingForm(CheckedForm):
    """Addresses of an order. needed_where_shown: fields shown only if needed, so that none is marked as optional."""

    needed_where_shown: ClassVar = ("bill_street", "bill_city", "bill_state", "bill_zip")

    ship_name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "shipping name"})
    )
    same = forms.BooleanField(label=_("Send the invoice to the same address"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for prefix, way in (("ship", "shipping"), ("bill", "billing")):
            self.fields |= _address_fields(prefix, way)
        self.order_fields(["ship_name", "ship_street", "ship_city", "ship_state", "ship_zip", "same"])

    def rules(self) -> Iterable[Rule]:
        for prefix in ("ship",) if self.cleaned_data.get("same") else ("ship", "bill"):
            zip_code, state = f"{prefix}_zip", f"{prefix}_state"
            if self.cleaned_data.get(zip_code):
                yield (zip_code,), partial(check_zip, zip_code)
                yield (zip_code, state), partial(check_zip, zip_code)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("same"):
            for name in self.needed_where_shown:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Please fill this in, or check that it is the same address."))
        return cleaned

    def sending(self) -> Sending:
        ship = self._address("ship")
        return Sending(
            self.cleaned_data["ship_name"], ship, ship if self.cleaned_data["same"] else self._address("bill")
        )

    def _address(self, prefix: str) -> Address:
        written = self.cleaned_data
        return Address(*(written[f"{prefix}_{name}"] for name in ("street", "city", "state", "zip")))


def _address_fields(prefix: str, way: str) -> dict[str, forms.Field]:
    needed = prefix == "ship"

    def box(completes: str, **attributes: str) -> forms.TextInput:
        return forms.TextInput(attrs={"autocomplete": f"{way} {completes}", **attributes})

    return {
        f"{prefix}_street": forms.CharField(
            label=_("Street and number"),
            max_length=120,
            required=needed,
            widget=AddressInput(
                {"autocomplete": f"{way} address-line1"},
                fills={part: f"{prefix}_{part.removesuffix('_code')}" for part in ("city", "state", "zip_code")},
            ),
        ),
        f"{prefix}_city": forms.CharField(
            label=_("City"), max_length=60, required=needed, widget=box("address-level2")
        ),
        f"{prefix}_state": forms.ChoiceField(
            label=_("State"),
            choices=STATES,
            required=needed,
            widget=forms.Select(attrs={"autocomplete": f"{way} address-level1"}),
        ),
        f"{prefix}_zip": forms.CharField(
            label=_("ZIP code"),
            max_length=10,
            required=needed,
            widget=box("postal-code", inputmode="numeric", **{"class": "usa-input--small"}),
        ),
    }


class ConfirmForm(CheckedForm):
    """Confirmation of an order. sentence: consent to the yearly fee. anew: why the addresses are asked again, or ""."""

    anew = ""
    consent = forms.BooleanField(required=False)

    def __init__(self, *args: Any, sentence: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sentence = sentence
        if sentence:
            self.fields["consent"].label = sentence
        else:
            del self.fields["consent"]

    def rules(self) -> Iterable[Rule]:
        return (*super().rules(), (("consent",), self._check_consent))

    def _check_consent(self, consents: bool) -> None:
        policies.check_consent(consents=consents, sentence=self.sentence)

    @property
    def consents(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data.get("consent"))

    def written(self) -> dict[str, Any]:
        return {name: value for name, value in super().written().items() if name != "consent"}

    def add_refusal(self, error: ValidationError) -> None:
        """Show a refusal; one about a field in ANEW goes into `anew` instead."""
        if error.message_dict.keys() & ANEW:
            self.anew = " ".join(error.messages)
        else:
            super().add_refusal(error)


class CardForm(ConfirmForm):
    """Consent to the yearly fee, and a checkbox to save the card. tick: its label; "" for none, if nothing recurs."""

    keep = forms.BooleanField(
        required=False,
        help_text=_("This is optional. Without it, we write to you before each later year, and you pay then."),
    )

    def __init__(self, *args: Any, tick: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if tick:
            self.fields["keep"].label = tick
        else:
            del self.fields["keep"]

    @property
    def keeps(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data.get("keep"))

    def written(self) -> dict[str, Any]:
        return {name: value for name, value in super().written().items() if name != "keep"}


class PurchaseOrderForm(ConfirmForm, PaperForm):
    number = forms.CharField(label=_("Number of your purchase order"), max_length=40)
    limit = HundredthsField(label=_("Its amount, in dollars"), min_value=0, max_digits=12, is_small=False)
    paper = paper_field(_("The purchase order"))

    field_order = ("number", "limit", "paper", "consent")

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order

    def rules(self) -> Iterable[Rule]:
        return (
            *super().rules(),
            (("number",), partial(policies.check_purchase_order_number, registrant=self.order.registrant)),
            (("limit",), partial(policies.check_purchase_order_limit, total=self.order.total)),
        )
