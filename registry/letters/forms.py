from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm


class LetterCodeForm(CheckedForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("The ten letters and digits in our letter, for example 7K2MQ-X4PA9."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}
        ),
    )
