"""A form whose service can refuse it."""

from django import forms
from django.core.exceptions import ValidationError


class RefusedForm(forms.Form):
    """A form whose service can refuse it."""

    def add_refusal(self, error: ValidationError) -> None:
        """Show what a service refused: at its field, or above all for one that is not here."""
        for name, sentences in error.message_dict.items():
            self.add_error(name if name in self.fields else None, ValidationError(sentences))
