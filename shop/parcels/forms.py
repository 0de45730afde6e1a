from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.lookup.finders import LONGEST
from fusus_portal.ground.pages.fields import Day
from integration.cores.selectors import places_of
from registry.places.models import Premises
from registry.registrants.models import Registrant
from shop.orders.models.orders import OrderLine
from shop.parcels.models import Box, Carrier, Shipment
from shop.parcels.policies import check_tracking


class ScanInput(forms.TextInput):
    """A field with the focus, and empty after each scan: a scanner types the next one into it, also after a mistake."""

    def __init__(self) -> None:
        super().__init__(attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false"})

    def format_value(self, value: Any) -> str | None:
        return None


class SerialForm(CheckedForm):
    """The serial number of a CORE, scanned or typed."""

    keeps_focus: ClassVar = True
    serial = forms.CharField(
        label=_("Serial number"),
        max_length=LONGEST,
        widget=ScanInput(),
        help_text=_("Scan it, or type it and press Enter."),
    )


class PutForm(CheckedForm):
    line = forms.ModelChoiceField(label=_("What"), queryset=OrderLine.objects.none(), empty_label=None)
    quantity = forms.IntegerField(
        label=_("How many?"), initial=1, widget=forms.NumberInput(attrs={"min": 1, "class": "usa-input--small"})
    )

    def __init__(self, *args: Any, lines: list[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["line"]
        field.queryset = OrderLine.objects.filter(pk__in=[line.pk for line in lines]).order_by("position")
        field.label_from_instance = lambda line: line.name


class ParcelLabelForm(CheckedForm):
    carrier = forms.ChoiceField(label=_("Carrier"), choices=Carrier, widget=forms.RadioSelect)
    box = forms.ChoiceField(label=_("Box"), choices=[("", _("Not said")), *Box.choices], required=False)
    tracking = forms.CharField(
        label=_("Tracking number"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Scan it from the carrier's label. Not needed when the office brings it."),
    )

    def rules(self) -> Iterable[Rule]:
        return (
            (("tracking",), lambda tracking: check_tracking(tracking, carrier=self.cleaned_data.get("carrier", ""))),
        )


class PlaceForm(CheckedForm):
    """The place where a business's COREs will be. registrant: the business, None for a form without the field."""

    premises = forms.ModelChoiceField(
        label=_("At which place?"),
        queryset=Premises.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, registrant: Registrant | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if registrant is None:
            del self.fields["premises"]
            return
        field: Any = self.fields["premises"]
        field.queryset = places_of(registrant)
        field.label_from_instance = lambda place: " · ".join(filter(None, (place.name, str(place.address))))


class HandOverForm(PlaceForm, ParcelLabelForm):
    """The facts that a parcel lacks: carrier, and place of its COREs. registrant: their owner, None for no COREs."""

    def __init__(self, *args: Any, parcel: Shipment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if parcel.carrier:
            del self.fields["carrier"], self.fields["box"], self.fields["tracking"]
        else:
            self.fields["tracking"].widget.attrs["autofocus"] = True


class DelayForm(CheckedForm):
    sent_by_then = Day(label=_("We send it by"))
