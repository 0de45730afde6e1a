"""Forms about dispatch."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.dispatch_format import LARGEST_BYTES


class DispatchKeyForm(forms.Form):
    """A public key of a dispatch system."""

    source = forms.CharField(
        label=_("Dispatch system"),
        max_length=40,
        help_text=_("As it names itself, in small letters: county-cad"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    key_id = forms.CharField(
        label=_("Id of the key"),
        max_length=40,
        help_text=_("As its signatures name the key: county-cad-2026"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    public_key = forms.CharField(
        label=_("Public key"),
        max_length=1000,
        help_text=_("The whole text from -----BEGIN PUBLIC KEY----- on"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )

    def add_refusal(self, error: ValidationError) -> None:
        """Show what a service refused beside the field it is about."""
        for name, messages in error.message_dict.items():
            self.add_error(name if name in self.fields else None, ValidationError(messages))


class DispatchFileForm(forms.Form):
    """A signed file from dispatch, or its text: pasted, or carried on from the preview."""

    file = forms.FileField(label=_("Signed file from dispatch"), required=False)
    token = forms.CharField(
        label=_("Or its text"),
        required=False,
        max_length=LARGEST_BYTES,
        help_text=_("One long line. It is checked and shown before anything counts."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """Take the text from the file, where there is one."""
        found: dict[str, Any] = self.cleaned_data
        if found.get("file") is not None:
            found["token"] = found["file"].read(LARGEST_BYTES).decode("ascii", "replace").strip()
        if not found.get("token"):
            self.add_error("file", gettext("Choose the file that dispatch signed, or paste its text."))
        return found
