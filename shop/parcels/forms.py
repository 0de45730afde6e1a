"""What clerks fill in about parcels and checks."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.checked_forms import Rule
from integration.forms.refused import RefusedForm
from integration.selectors.cores import places_of
from registry.models import Premises, Registrant
from shop.orders.models.orders import Order, OrderLine
from shop.orders.selectors.invoices import owed_of
from shop.parcels.models import Carrier
from shop.parcels.policies import check_tracking
from shop.payments import policies


class SerialForm(RefusedForm):
    """Which CORE."""

    serial = forms.CharField(
        label=_("Serial number"),
        max_length=40,
        help_text=_("Scan or type it."),
        widget=forms.TextInput(attrs={"autofocus": True, "spellcheck": "false"}),
    )


class ScanForm(RefusedForm):
    """A serial number, scanned or typed. The field takes the focus, so that one after the other can be scanned."""

    serial = forms.CharField(
        label=_("Serial number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Scan it, or type it and press Enter."),
    )


class PutForm(RefusedForm):
    """So many pieces without a serial number."""

    line = forms.ModelChoiceField(label=_("What"), queryset=OrderLine.objects.none(), empty_label=None)
    quantity = forms.IntegerField(
        label=_("How many?"), initial=1, widget=forms.NumberInput(attrs={"min": 1, "class": "usa-input--small"})
    )

    def __init__(self, *args: Any, lines: list[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["line"]
        field.queryset = OrderLine.objects.filter(pk__in=[line.pk for line in lines]).order_by("position")
        field.label_from_instance = lambda line: line.name


class ParcelLabelForm(RefusedForm):
    """Who brings a parcel."""

    carrier = forms.ChoiceField(label=_("Carrier"), choices=Carrier, widget=forms.RadioSelect)
    tracking = forms.CharField(
        label=_("Tracking number"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Scan it from the carrier's label. Not needed when the office brings it."),
    )

    def rules(self) -> Iterable[Rule]:
        """Return what a tracking number is."""
        return (
            (("tracking",), lambda tracking: check_tracking(tracking, carrier=self.cleaned_data.get("carrier", ""))),
        )


class HandOverForm(RefusedForm):
    """At which place of the business the COREs in a parcel are to stand."""

    premises = forms.ModelChoiceField(
        label=_("Place of the business"), queryset=Premises.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, registrant: Registrant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["premises"]
        field.queryset = places_of(registrant)
        field.label_from_instance = lambda place: " · ".join(filter(None, (place.name, str(place.address))))


class DelayForm(RefusedForm):
    """Until when the buyer is asked to wait."""

    sent_by_then = forms.DateField(label=_("We send it by"), widget=forms.DateInput(attrs={"type": "date"}))


class InvoiceCheckForm(RefusedForm):
    """A check that came. order: what it pays."""

    check_number = forms.CharField(label=_("Number of the check"), max_length=40)
    cents = forms.DecimalField(
        label=_("Amount in dollars"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    received_on = forms.DateField(
        label=_("Received on"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order

    def rules(self) -> Iterable[Rule]:
        """Return that it is a new one, within what is due, and here."""
        return (
            (("check_number",), partial(policies.check_new_number, order=self.order)),
            (("cents",), lambda dollars: policies.check_cents(int(dollars * 100), due=owed_of(self.order))),
            (("received_on",), policies.check_day),
        )
