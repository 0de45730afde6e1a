"""Who registers, how to reach them, and that they know what it means."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fusus_portal.agency.models import Document
from registry.models.people import LANGUAGES

DIGITS = 10


class ContactForm(forms.Form):
    """How the office reaches a registrant."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("Phone number"),
        help_text=_("So that a deputy can call you about a request."),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "usa-input--medium"}),
    )
    language = forms.ChoiceField(
        label=_("In which language should we write to you?"), choices=list(LANGUAGES.items()), widget=forms.RadioSelect
    )

    def clean_phone(self) -> str:
        """Write the number as people do in this country: 205-555-0100."""
        digits = re.sub(r"\D", "", self.cleaned_data["phone"])
        if len(digits) == DIGITS + 1 and digits.startswith("1"):
            digits = digits[1:]
        if len(digits) != DIGITS:
            raise ValidationError(_("A phone number has ten digits, for example 205-555-0100."))
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


class MeaningForm(forms.Form):
    """That the person has read what registering means, and agrees to the versions in force."""

    agreed = forms.BooleanField(
        label=_("I have read this, and I want to register."),
        error_messages={"required": _("Please tick the box if you want to register.")},
    )
    documents = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, in_force: Sequence[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.in_force = [str(document.pk) for document in in_force]
        self.initial["documents"] = ",".join(self.in_force)

    def clean_documents(self) -> list[str]:
        """Return the ids of the versions agreed to: those in force, which are the ones that were shown."""
        shown = self.cleaned_data["documents"]
        if shown and set(shown.split(",")) != set(self.in_force):
            raise ValidationError(_("A newer version was published just now. Please read it first."))
        return self.in_force
