"""Forms to release figures, hold them back, or add a note. No field takes a number."""

from collections.abc import Iterable
from functools import partial

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.pages.fields import FewLines
from fusus_portal.oversight.figures import policies
from fusus_portal.oversight.figures.definitions import LONGEST_NOTE


class NoteForm(CheckedForm):
    note_en = FewLines(label=_("Note in English"), max_length=LONGEST_NOTE)
    note_es = FewLines(label=_("Note in Spanish"), max_length=LONGEST_NOTE)
    is_named = forms.BooleanField(label=_("Show my name beside it, not only my role"), required=False)


class ReleaseForm(NoteForm):
    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        for name in ("note_en", "note_es"):
            self.fields[name].required = False

    def rules(self) -> Iterable[Rule]:
        yield ("note_en", "note_es"), policies.check_note


class DelayForm(CheckedForm):
    until = forms.DateField(
        label=_("Until"),
        help_text=_("On this day newer figures are shown again. At most 30 days from now."),
        widget=forms.DateInput(attrs={"type": "date", "class": "usa-input--medium"}, format="%Y-%m-%d"),
    )
    note_en = FewLines(label=_("Why, in English"), max_length=LONGEST_NOTE)
    note_es = FewLines(label=_("Why, in Spanish"), max_length=LONGEST_NOTE)

    def rules(self) -> Iterable[Rule]:
        yield ("until",), partial(policies.check_until, today=timezone.localdate())
