from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _


class AddressInput(forms.TextInput):
    """A text input that suggests the county's addresses and fills in their parts. fills: the form's names for these."""

    template_name = "components/address_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, fills: Mapping[str, str] | None = None) -> None:
        named = {f"data-fills-{part.replace('_', '-')}": name for part, name in (fills or {}).items()}
        super().__init__({**named, **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        told = {
            "autocomplete": "address-line1",
            "data-suggest": reverse("suggest_places"),
            "data-list-label": _("Addresses"),
            "data-count-one": _("1 place is below. Choose it with the arrow keys."),
            "data-count": _("# places are below. Choose one with the arrow keys."),
            "data-none": _("No address that we know begins like this."),
            "data-wait": _("That was very fast. Please wait a moment, then type on."),
            "data-away": _("Suggestions are not here right now. Type the whole address."),
        }
        return super().get_context(name, value, {**told, **(attrs or {})})
