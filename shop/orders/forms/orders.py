"""Why a purchase order is declined, and which orders a clerk looks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm
from shop.orders.states import OrderState


class ReasonForm(CheckedForm):
    """Why something is declined or closed. The business reads it."""

    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("The business reads it."))


class FindOrderForm(forms.Form):
    """A number that leads to its order, part of the name of a business, or a state."""

    q = forms.CharField(label=_("Number or business"), required=False, max_length=120)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Each state")), *(choice for choice in OrderState.choices if choice[0] != OrderState.DRAFT)],
    )
