from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class Links(forms.CharField):
    """Links by name: one a line, the name and then the address."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{name} {address}" for name, address in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        """Return the links by name. A line without a name keeps "", which the model refuses."""
        links: dict[str, str] = {}
        for line in str(value or "").splitlines():
            name, _space, address = line.strip().rpartition(" ")
            if line.strip():
                links[name.strip().rstrip(":=").strip()] = address
        return links


class Lines(forms.CharField):
    """A list of phrases, one a line; repeated and empty ones are dropped."""

    widget = forms.Textarea(attrs={"rows": 5, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = (" ".join(line.split()) for line in str(value or "").splitlines())
        return list(dict.fromkeys(filter(None, lines)))


class OneLine(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, strip=True, widget=forms.Textarea(attrs={"rows": 2}), **options)

    def to_python(self, value: Any) -> Any:
        return " ".join(str(value or "").split())


HELP_LINKS = _("One a line: the name, a space, the address. For example: Facebook https://facebook.com/sheriff.example")
