from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.lookup.typed import LONGEST
from registry.incidents.policies import incidents
from registry.joins import policies


class JoinForm(CheckedForm):
    number = forms.CharField(
        label=_("Incident number"), max_length=LONGEST, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["number"].help_text = gettext("For example %(number)s") % {"number": incidents.example()}

    def rules(self) -> Iterable[Rule]:
        return ((("number",), policies.check_number),)
