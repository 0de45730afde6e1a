from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _

_UNNAMED = forms.Field.default_error_messages["required"]


class FormField(forms.BoundField):
    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if field.error_messages["required"] == _UNNAMED:
            field.error_messages["required"] = _missing(field, str(self.label))

    @property
    def told(self) -> list[tuple[str, str]]:
        """Errors for the list above a form: (label, sentence); label "" if the sentence already names the field."""
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
