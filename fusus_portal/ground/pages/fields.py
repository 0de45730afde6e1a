"""Fields of forms: a moment on the agency's clock, a text of a few lines, and free text with suggestions."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms

Suggestion = tuple[str, str]
"""What is written, and what it means for a script, or ""."""


class LocalMoment(forms.DateTimeField):
    """A day and time on the agency's clock, picked with the browser's own control."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **options)


class FewLines(forms.CharField):
    """A text of a few lines."""

    def __init__(self, *, max_length: int = 500, **options: Any) -> None:
        super().__init__(max_length=max_length, widget=forms.Textarea(attrs={"rows": 3}), **options)


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
