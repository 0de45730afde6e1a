"""The form of a category of how long footage is kept."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.checked_forms import CheckedForm, Rule
from registry.models import RetentionCategory
from registry.policies import retention as policy


class RetentionForm(CheckedForm):
    """One category. own: the one that is changed."""

    name = forms.CharField(label=_("Name"), max_length=80)
    name_es = forms.CharField(label=_("Name in Spanish"), max_length=80, required=False)
    days = forms.IntegerField(
        label=_("Days that footage is kept"),
        min_value=1,
        help_text=_("Counted from its receipt. 1095 days are 3 years."),
    )
    floor_days = forms.IntegerField(
        label=_("Never fewer days than"),
        min_value=1,
        help_text=_("What the law or your records schedule asks for. This number can only go up."),
    )

    def __init__(self, *args: Any, own: RetentionCategory | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own

    def rules(self) -> Iterable[Rule]:
        """Return what a category may be called, and how long it may last."""
        return (
            (("name",), lambda name: policy.check_name(" ".join(name.split()), category=self.own)),
            (("floor_days",), partial(policy.check_floor, category=self.own)),
            (("days", "floor_days"), policy.check_days),
        )
