import re
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _

PHONE_DIGITS = 10
Suggestion = tuple[str, str]
"""Text of a suggestion, and its meaning for a script, or ""."""


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LocalMoment(forms.DateTimeField):
    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **options)


class FewLines(forms.CharField):
    def __init__(self, *, max_length: int = 500, **options: Any) -> None:
        super().__init__(max_length=max_length, widget=forms.Textarea(attrs={"rows": 3}), **options)


class Suggested(forms.TextInput):
    """A text input with suggestions, shown by the browser as a list."""

    template_name = "django/forms/widgets/suggested.html"

    def __init__(self, suggestions: Callable[[], Iterable[Suggestion]], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["attrs"]["list"] = f"{widget['attrs'].get('id', name)}_list"
        widget["suggestions"] = list(self.suggestions())
        return context


def ten_digits(typed: str) -> str:
    """Return a phone number as 205-555-0100. Raises ValidationError."""
    digits = re.sub(r"\D", "", typed)
    if len(digits) == PHONE_DIGITS + 1 and digits.startswith("1"):
        digits = digits[1:]
    if len(digits) != PHONE_DIGITS:
        raise ValidationError(_("A phone number has ten digits, for example 205-555-0100."))
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


_UNNAMED = forms.Field.default_error_messages["required"]


class FormField(forms.BoundField):
    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if field.error_messages["required"] == _UNNAMED:
            field.error_messages["required"] = _missing(field, str(self.label))

    @property
    def told(self) -> list[tuple[str, str]]:
        """Errors for the list above a form: (label, sentence); label "" if the sentence itself names the field."""
        label = str(getattr(self.field, "called", self.label))
        return [
            ("" if error.code == "required" else label, str(sentence))
            for error in self.errors.as_data()
            for sentence in error.messages
        ]


class FormRenderer(TemplatesSetting):
    bound_field_class = FormField


def _missing(field: forms.Field, label: str) -> str:
    said: dict[str, Any] = {"label": label}
    if isinstance(field, forms.BooleanField):
        return _("Tick “%(label)s”.") % said
    if isinstance(field, forms.FileField):
        return _("Choose a file for “%(label)s”.") % said
    if isinstance(field, forms.ChoiceField):
        return _("Choose an answer for “%(label)s”.") % said
    return _("Fill in “%(label)s”.") % said
