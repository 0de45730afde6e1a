"""Fields of free text that suggest what people often write. Whatever else is typed is as welcome."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.compass import WINDS, degrees_of, word_of

Suggestion = tuple[str, str]
"""What is written, and what it means for a script, or ""."""


class Suggested(forms.TextInput):
    """A line of text with a list of suggestions that the browser shows while somebody types."""

    template_name = "django/forms/widgets/suggested.html"

    def __init__(self, suggestions: Callable[[], Iterable[Suggestion]], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the list and its id."""
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["attrs"]["list"] = f"{widget['attrs'].get('id', name)}_list"
        widget["suggestions"] = list(self.suggestions())
        return context


def winds() -> list[Suggestion]:
    """Return the eight winds with their degrees."""
    return [(str(word), str(degrees)) for degrees, word in WINDS.items()]


class Bearing(forms.CharField):
    """A direction as a word ("northeast", "NE") or in degrees from north, clockwise. Its value is degrees, or None."""

    widget = Suggested(winds, attrs={"class": "usa-input--medium", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        """Show one of the eight winds as its word, anything between as degrees."""
        return word_of(value) if isinstance(value, int) and value in WINDS else value

    def to_python(self, value: Any) -> Any:
        """Return degrees, or None for nothing."""
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        degrees = degrees_of(text)
        if degrees is None:
            raise ValidationError(_("Write a direction such as northeast, or degrees from 0 to 359."))
        return degrees
