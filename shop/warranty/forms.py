from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import Rule
from shop.catalogue.forms import Pictures, PicturesField, PicturesForm
from shop.rules import LONGEST_PROBLEM, PICTURES_OF_CLAIM
from shop.warranty import policies, presenters


class ProblemForm(PicturesForm):
    problem = forms.CharField(
        label=_("What is wrong?"), max_length=LONGEST_PROBLEM, widget=forms.Textarea(attrs={"rows": 5})
    )
    picture = PicturesField(
        label=_("Pictures"),
        required=False,
        help_text=format_lazy(
            _("Up to {most} pictures as JPEG, PNG or WebP, at most 10 MB together."), most=PICTURES_OF_CLAIM
        ),
        widget=Pictures(attrs={"accept": ".jpg,.jpeg,.png,.webp"}),
    )

    def rules(self) -> Iterable[Rule]:
        return ((("picture",), policies.check_pictures), *super().rules())


class FindClaimForm(forms.Form):
    """Filter of the list of claims. A scanner types into the first field."""

    q = forms.CharField(label=_("Number, serial number or business"), required=False, max_length=120)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states: Any = self.fields["state"]
        words = [(state, label) for state, (label, _next) in presenters.CASES.items()]
        states.choices = [("", _("All that are open")), *words]
