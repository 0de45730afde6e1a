"""Tax rates, and certificates of those who pay no tax."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from localflavor.us.us_states import USPS_CHOICES

from fusus_portal.checked_forms import Rule
from integration.forms.refused import RefusedForm
from shop.catalogue.forms.administration import percent_field
from shop.catalogue.picture_fields import PaperForm, paper_field
from shop.orders.policies.taxes import US_STATES, check_basis_points, check_days, check_valid_until, check_zip_prefix

STATES = [("", _("Choose")), *((code, name) for code, name in USPS_CHOICES if code in US_STATES)]


class ExemptionForm(PaperForm):
    """A certificate by which no sales tax is taken."""

    state_code = forms.ChoiceField(label=_("State of the certificate"), choices=STATES)
    number = forms.CharField(label=_("Number of the certificate"), max_length=40)
    valid_until = forms.DateField(label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}))
    paper = paper_field(_("The certificate"))

    def rules(self) -> Iterable[Rule]:
        """Return these, and that it is still valid."""
        return (*super().rules(), (("valid_until",), partial(check_valid_until, today=timezone.localdate())))


class TaxRateForm(RefusedForm):
    """A rate of sales tax."""

    state_code = forms.ChoiceField(label=_("State"), choices=STATES)
    zip_prefix = forms.CharField(
        label=_("ZIP codes that begin with"),
        max_length=5,
        required=False,
        help_text=_("Leave it empty for the whole state. The longest that fits counts."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "usa-input--small"}),
    )
    tax_code = forms.CharField(label=_("Tax code"), max_length=40)
    basis_points = percent_field(_("Rate in percent"), min_value=0)
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(
        label=_("Until, without that day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def rules(self) -> Iterable[Rule]:
        """Return what a rate can be, of each field that could be read."""
        return (
            (("zip_prefix",), check_zip_prefix),
            (("basis_points",), lambda percent: check_basis_points(int(percent * 100))),
            (("starts_on", "ends_on"), check_days),
        )

    def written(self) -> dict[str, Any]:
        """Return what was written, of a valid form."""
        typed = dict(self.cleaned_data)
        state, percent = typed.pop("state_code"), typed.pop("basis_points")
        return {**typed, "state": state, "basis_points": int(percent * 100)}
