"""Forms with a paper or with pictures. They are read with the rest, so that what is wrong with all is said at once.

The services take what was read here as it is.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.checked_forms import CheckedForm, Rule
from shop.catalogue import files


class Pictures(forms.FileInput):
    """A box for several pictures."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures."""

    def clean(self, data: Any, initial: Any = None) -> "list[File[bytes]]":
        """Return each of them."""
        each = data if isinstance(data, list | tuple) else [data]
        if not any(each):
            # None at all: said beside what else is missing.
            return [] if not self.required else super().clean(None, initial)
        return [super(PicturesField, self).clean(one, initial) for one in each]


def paper_field(label: Any) -> forms.FileField:
    """Return a field for a paper."""
    return forms.FileField(
        label=label,
        help_text=_("A PDF, or a picture as JPEG or PNG, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


class SentForm(CheckedForm):
    """A form with files. by: who sends them."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by


class PaperForm(SentForm):
    """A form with a field "paper"."""

    def rules(self) -> Iterable[Rule]:
        """Return that the paper can be read."""
        return ((("paper",), self._read),)

    def _read(self, paper: "File[bytes]") -> None:
        self.cleaned_data["paper"] = files.check_paper(paper, sender=self.by.pk)


class PicturesForm(SentForm):
    """A form with a field "picture" for several."""

    called = {"picture": "pictures"}

    def rules(self) -> Iterable[Rule]:
        """Return that the pictures can be read."""
        return ((("picture",), self._read),)

    def _read(self, pictures: "list[File[bytes]]") -> None:
        self.cleaned_data["picture"] = [files.sizes_of(each, sender=self.by.pk) for each in pictures]
