"""What a clerk writes about a task."""

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.checked_forms import CheckedForm

LONGEST_NOTE = 200


class DoneForm(CheckedForm):
    """What was done about it."""

    note = forms.CharField(
        label=_("What was done"),
        max_length=LONGEST_NOTE,
        help_text=_("For whoever looks at this later, in one sentence."),
    )
