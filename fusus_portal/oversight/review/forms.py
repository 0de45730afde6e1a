from collections.abc import Iterable
from functools import partial

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.pages.fields import FewLines
from fusus_portal.oversight.review import policies
from fusus_portal.oversight.review.rules import LONGEST_FOLLOW_UP, LONGEST_TEXT

NAMELESS = _("Name no owner: reviewers from outside read it, once the incident is closed.")


class SentenceForm(CheckedForm):
    """A form whose texts are sentences that somebody else understands."""

    def rules(self) -> Iterable[Rule]:
        texts = [name for name, field in self.fields.items() if isinstance(field, forms.CharField)]
        return [((name,), partial(policies.check_text, field=name)) for name in texts]


class AskForm(SentenceForm):
    text = FewLines(
        label=_("Your question"),
        max_length=LONGEST_TEXT,
        help_text=_("The person reads it in the portal, and is told by e-mail that there is one. Name no owner."),
    )


class AnswerForm(SentenceForm):
    answer = FewLines(
        label=_("Your answer"),
        max_length=LONGEST_TEXT,
        help_text=_("Auditors read it, and it is kept with the log. Name no owner and no victim."),
    )


class ExplanationForm(SentenceForm):
    text = FewLines(
        label=_("Your explanation"),
        max_length=LONGEST_TEXT,
        help_text=_("The reviewer from outside reads it. Name no owner, no place and no number."),
    )


class FindingForm(SentenceForm):
    note = FewLines(label=_("What you found"), max_length=LONGEST_TEXT, help_text=NAMELESS)
    follow_up = forms.CharField(
        label=_("What follows, and who does it"),
        max_length=LONGEST_FOLLOW_UP,
        help_text=_("For example: the sergeant talks to the deputy, and writes down what was agreed. Name no owner."),
    )
    due_on = forms.DateField(
        label=_("By which day"),
        widget=forms.DateInput(attrs={"type": "date", "class": "usa-input--medium"}, format="%Y-%m-%d"),
    )

    def rules(self) -> Iterable[Rule]:
        return [*super().rules(), (("due_on",), policies.check_due)]


class OutcomeForm(SentenceForm):
    outcome = FewLines(
        label=_("What came of it"),
        max_length=LONGEST_TEXT,
        help_text=_("What was done, and what is different now. Name no owner: reviewers from outside read it."),
    )


class AddressForm(CheckedForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Of somebody above the auditors, for example the oversight board or the sheriff."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
