from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.notifications import policies


class WishesForm(CheckedForm):
    """Kinds of messages that also come by text."""

    requests = forms.BooleanField(
        label=_("When we ask you for footage, and when we remind you of it"), required=False, initial=True
    )
    looks = forms.BooleanField(
        label=_("When somebody looked, as often as you get e-mail about it"), required=False, initial=False
    )

    def rules(self) -> Iterable[Rule]:
        return ((("requests", "looks"), policies.check_wishes),)


class TextNumberForm(WishesForm):
    number = forms.CharField(
        label=_("Mobile phone number"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "usa-input--medium"}),
    )
    field_order = ("number", "requests", "looks")

    def rules(self) -> Iterable[Rule]:
        return (*super().rules(), (("number",), _must_take_texts))


class CodeForm(CheckedForm):
    """Six digits. Phones offer them from the text that just came."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits, from the text that we sent."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "usa-input--small"}
        ),
    )


def _must_take_texts(typed: str) -> None:
    policies.check_not_stopped(policies.check_number(typed))
