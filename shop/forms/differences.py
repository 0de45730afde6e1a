"""What a clerk writes about a task."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST_NOTE = 200


class DoneForm(forms.Form):
    """What was done about it."""

    note = forms.CharField(
        label=_("What was done"),
        max_length=LONGEST_NOTE,
        help_text=_("For whoever looks at this later, in one sentence."),
    )

    def add_refusal(self, error: ValidationError) -> None:
        """Show what the service refused."""
        for name, sentences in error.message_dict.items():
            self.add_error(name if name in self.fields else None, ValidationError(sentences))
