"""The fields of every form, as pages show them: what is missing is named."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _

_UNNAMED = forms.Field.default_error_messages["required"]


class FormField(forms.BoundField):
    """A field on a page. `called` of the field behind it, if it has one, is what errors call it."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if field.error_messages["required"] == _UNNAMED:
            field.error_messages["required"] = _missing(field, str(self.label))

    @property
    def told(self) -> list[tuple[str, str]]:
        """What is wrong, for the list above a form: each sentence with the label before it.

        The label is "" where the sentence says what is missing: that names the field.
        """
        label = str(getattr(self.field, "called", self.label))
        return [
            ("" if error.code == "required" else label, str(sentence))
            for error in self.errors.as_data()
            for sentence in error.messages
        ]


class FormRenderer(TemplatesSetting):
    """Forms with these fields."""

    bound_field_class = FormField


def _missing(field: forms.Field, label: str) -> str:
    """Return the sentence for a field that was left empty."""
    said: dict[str, Any] = {"label": label}
    if isinstance(field, forms.BooleanField):
        return _("Tick “%(label)s”.") % said
    if isinstance(field, forms.FileField):
        return _("Choose a file for “%(label)s”.") % said
    if isinstance(field, forms.ChoiceField):
        return _("Choose an answer for “%(label)s”.") % said
    return _("Fill in “%(label)s”.") % said
