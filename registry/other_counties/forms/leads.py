from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm
from fusus_portal.ground.pages.fields import FewLines
from registry.other_counties.states import LeadState
from registry.rules import LONGEST_NOTE, LONGEST_REASON


class StepForm(forms.Form):
    target = forms.ChoiceField(choices=LeadState)


class NoteForm(CheckedForm):
    text = FewLines(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        help_text=_("What the agency said, and when to ask again. It is deleted with the lead."),
    )


class WhyForm(CheckedForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("For example: the sheriff there has joined; tell the person how to register"),
    )
