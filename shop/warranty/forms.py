"""What a business writes about a CORE that does not work."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import Rule
from shop.catalogue.picture_fields import Pictures, PicturesField, PicturesForm
from shop.rules import LONGEST_PROBLEM
from shop.warranty import policies


class ProblemForm(PicturesForm):
    """What is wrong, with pictures if there are any."""

    problem = forms.CharField(
        label=_("What is wrong?"), max_length=LONGEST_PROBLEM, widget=forms.Textarea(attrs={"rows": 5})
    )
    picture = PicturesField(
        label=_("Pictures"),
        required=False,
        help_text=_("Up to 6 pictures as JPEG or PNG, at most 10 MB together."),
        widget=Pictures(attrs={"accept": ".jpg,.jpeg,.png,.webp"}),
    )

    def rules(self) -> Iterable[Rule]:
        """Return how many pictures there are, and these."""
        return ((("picture",), policies.check_pictures), *super().rules())
