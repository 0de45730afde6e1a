from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.oversight.annual import policies
from fusus_portal.oversight.annual.definitions import Part


class PartForm(CheckedForm):
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    text = forms.CharField(label=_("The office's own text"), required=False, widget=forms.Textarea(attrs={"rows": 12}))

    def __init__(self, *args: Any, part: Part, **named: Any) -> None:
        super().__init__(*args, **named)
        self.part = part
        text = self.fields["text"]
        text.help_text, text.required = str(part.asks), part.is_required
        text.error_messages["required"] = policies.WRITE_SOMETHING

    def rules(self) -> Iterable[Rule]:
        yield ("text",), partial(policies.check_text, self.part)

    def read_again(self, revision: int) -> None:
        """Have the form carry the newer revision that the page now shows: the next text sent replaces it."""
        self.data = {**self.data, "text": self.data.get("text", ""), "revision": str(revision)}


class ReleaseForm(CheckedForm):
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What was wrong, and what you corrected"),
        help_text=_("The public reads it above the report."),
        error_messages={"required": policies.CORRECT_SOMETHING},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_named = forms.BooleanField(label=_("Show my name on the report, not only my role"), required=False)

    def __init__(self, *args: Any, number: int, **named: Any) -> None:
        super().__init__(*args, **named)
        self.number = number
        if number == 1:
            del self.fields["reason"]

    def rules(self) -> Iterable[Rule]:
        if self.number > 1:
            yield ("reason",), partial(policies.check_reason, number=self.number)
