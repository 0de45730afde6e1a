from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm
from shop.orders.states import OrderState


class ReasonForm(CheckedForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("The business reads it."))


class FindOrderForm(forms.Form):
    q = forms.CharField(label=_("Number or business"), required=False, max_length=120)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Each state")), *(choice for choice in OrderState.choices if choice[0] != OrderState.DRAFT)],
    )
