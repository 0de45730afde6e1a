from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from registry.incidents.dispatch_format import LARGEST_BYTES
from registry.incidents.models.dispatch import KEY_ID
from registry.incidents.policies.dispatch import check_public_key


class DispatchKeyForm(CheckedForm):
    source = forms.CharField(
        label=_("Dispatch system"),
        max_length=40,
        validators=[RegexValidator(KEY_ID)],
        help_text=_("As it names itself, in small letters: county-cad"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    key_id = forms.CharField(
        label=_("Id of the key"),
        max_length=40,
        validators=[RegexValidator(KEY_ID)],
        help_text=_("As its signatures name the key: county-cad-2026"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    public_key = forms.CharField(
        label=_("Public key"),
        max_length=1000,
        help_text=_("The whole text from -----BEGIN PUBLIC KEY----- on"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )

    def rules(self) -> Iterable[Rule]:
        return ((("public_key",), check_public_key),)


class DispatchFileForm(forms.Form):
    file = forms.FileField(label=_("Signed file from dispatch"), required=False)
    token = forms.CharField(
        label=_("Or its text"),
        required=False,
        max_length=LARGEST_BYTES,
        help_text=_("One long line. It is checked and shown before anything counts."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = self.cleaned_data
        if found.get("file") is not None:
            found["token"] = found["file"].read(LARGEST_BYTES).decode("ascii", "replace").strip()
        if not found.get("token"):
            self.add_error("file", gettext("Choose the file that dispatch signed, or paste its text."))
        return found
