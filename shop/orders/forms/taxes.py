from collections.abc import Iterable
from functools import partial

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from localflavor.us.us_states import USPS_CHOICES

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.pages.fields import Day
from shop.catalogue.forms.amounts import HundredthsField
from shop.catalogue.picture_fields import PaperForm, paper_field
from shop.orders.policies.taxes import US_STATES, check_basis_points, check_days, check_valid_until, check_zip_prefix

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
            (("starts_on", "ends_on"), check_days),
        )
