from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.oversight.homes import policies


class HomeForm(CheckedForm):
    zip_code = forms.CharField(
        label=_("ZIP code of the home"),
        max_length=10,
        help_text=_("Five digits, for example 35203."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def rules(self) -> Iterable[Rule]:
        return ((("zip_code",), policies.check_home),)
