"""Forms about evidence."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.checked_forms import CheckedForm, Rule
from registry.models import Evidence, RetentionCategory
from registry.policies.retention import check_why
from registry.selectors import evidence as known


class LookForm(forms.Form):
    """Why somebody plays or downloads footage."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: look for the white van seen at 9:40 p.m."),
    )


class FilterForm(forms.Form):
    """Which of an incident's files are listed."""

    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All files")), ("kept", _("Kept")), ("held", _("On hold")), ("deleted", _("Deleted"))],
    )
    category = forms.ModelChoiceField(
        label=_("Category"), required=False, queryset=RetentionCategory.objects.none(), empty_label=_("All categories")
    )

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.fields["category"].queryset = known.categories()  # type: ignore[attr-defined]


class HoldForm(forms.Form):
    """Why footage must not be deleted."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: preservation letter of the district attorney, received on March 3"),
    )


class LiftForm(forms.Form):
    """Why a legal hold ends."""

    reason = forms.CharField(
        label=_("Reason to lift it"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: the court released the footage on May 12"),
    )


class CategoryForm(CheckedForm):
    """How long a file is kept, and why."""

    category = forms.ModelChoiceField(label=_("Category"), queryset=RetentionCategory.objects.none(), empty_label=None)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *arguments: Any, evidence: Evidence, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.evidence = evidence
        self.fields["category"].queryset = known.categories()  # type: ignore[attr-defined]

    def rules(self) -> Iterable[Rule]:
        """Return what is a reason."""
        return ((("reason",), self._check_reason),)

    def _check_reason(self, reason: str) -> None:
        check_why(reason, evidence=self.evidence, category=self.cleaned_data.get("category"))
