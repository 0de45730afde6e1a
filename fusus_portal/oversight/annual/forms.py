"""What an administrator fills in: the text of a part, and the release of a version."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.oversight.annual import policies
from fusus_portal.oversight.annual.parts import Part


class PartForm(CheckedForm):
    """The office's own text of one part. revision: the one that the person has read."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    text = forms.CharField(label=_("The office's own text"), required=False, widget=forms.Textarea(attrs={"rows": 12}))

    def __init__(self, *args: Any, part: Part, **named: Any) -> None:
        super().__init__(*args, **named)
        self.part = part
        text = self.fields["text"]
        text.help_text, text.required = str(part.asks), part.is_required
        text.error_messages["required"] = policies.WRITE_SOMETHING

    def rules(self) -> Iterable[Rule]:
        """Want a text that can be printed; one that says something, where an ordinance asks for it."""
        yield ("text",), partial(policies.check_text, self.part)

    def read_again(self, revision: int) -> None:
        """Note that the person sees a newer revision now: what is sent next is meant to replace it."""
        self.data = {**self.data, "text": self.data.get("text", ""), "revision": str(revision)}


class ReleaseForm(CheckedForm):
    """A release. number: of the version. seen: the mark of the draft that the person has read."""

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
        """Want a reason of a correction."""
        if self.number > 1:
            yield ("reason",), partial(policies.check_reason, number=self.number)
