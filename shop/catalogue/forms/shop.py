"""Forms of visitors, and fields for amounts, papers and pictures that other nouns use too."""

import re
from collections.abc import Callable, Iterable
from typing import Any, cast

from django import forms
from django.core.files.base import File
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.checked_forms import CheckedForm, Done, Rule
from shop.catalogue import files
from shop.catalogue.files import CheckedPaper

WRITTEN = re.compile(r"(?P<sign>-?) ?\$? ?(?P<number>\d{1,3}(,\d{3})+(\.\d*)?|\d*\.?\d*)( ?%)?")
"""An amount as people write it: "$1,200.50", "500", "7.5 %". A comma separates thousands, never cents."""


class HundredthsField(forms.DecimalField):
    """Dollars read as cents, or percent read as basis points. is_small: a narrow box, for few digits."""

    widget = forms.TextInput

    def __init__(self, *, max_digits: int | None = 9, is_small: bool = True, **options: Any) -> None:
        self.is_small = is_small
        super().__init__(max_digits=max_digits, decimal_places=2, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", **({"class": "usa-input--small"} if self.is_small else {})}

    def to_python(self, value: Any) -> Any:
        written = WRITTEN.fullmatch(str(value).strip()) if value is not None else None
        return super().to_python(written["sign"] + written["number"].replace(",", "") if written else value)

    def clean(self, value: Any) -> int | None:
        number = super().clean(value)
        return None if number is None else int(number * 100)


class Pictures(forms.FileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    def clean(self, data: Any, initial: Any = None) -> "list[File[bytes]]":
        each = data if isinstance(data, list | tuple) else [data]
        if not any(each):
            # No file at all: the error shows beside the other missing fields.
            return [] if not self.required else super().clean(None, initial)
        return [super(PicturesField, self).clean(one, initial) for one in each]


def paper_field(label: Any) -> forms.FileField:
    return forms.FileField(
        label=label,
        help_text=_("A PDF, or a picture as JPEG or PNG, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


class SentForm(CheckedForm):
    """A form with files, which are read with the other fields, so that all errors show at once. by: their sender.

    The services take what was read here as it is.
    """

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by


class PaperForm(SentForm):
    """A form with a field "paper". held: token of a paper that was chosen before, while another field was wrong."""

    held = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.token: str = (self.data if self.is_bound else self.initial).get("held", "")
        if found := files.find_held_paper(self.token, sender=self.by.pk):
            self.initial["paper"] = found.paper
            self._say_held(found.name)

    def rules(self) -> Iterable[Rule]:
        return ((("paper",), self._read),)

    def carry_out(self, act: Callable[..., Done], **beside: Any) -> Done | None:
        """Carry out an act; hold the paper if the form or the act refuses."""
        done = super().carry_out(act, **beside)
        if done:
            files.release_held_paper(self.token, sender=self.by.pk)
        elif self.is_bound:
            self._hold()
        return done

    def written(self) -> dict[str, Any]:
        return {name: value for name, value in super().written().items() if name != "held"}

    def _read(self, paper: "File[bytes] | CheckedPaper") -> None:
        self.cleaned_data["paper"] = files.check_paper(paper, sender=self.by.pk)

    def _hold(self) -> None:
        upload, paper = self.files.get("paper"), self.cleaned_data.get("paper")
        if upload is not None and isinstance(paper, CheckedPaper):
            name, sent = str(upload.name), cast("QueryDict", self.data).copy()
            self.token = sent["held"] = files.hold_paper(paper, name=name, sender=self.by.pk)
            self.data = sent
            self._say_held(name)

    def _say_held(self, name: str) -> None:
        shown = self["paper"]
        words = _("“%(name)s” is attached. Choose a file only to send another one.") % {"name": name}
        shown.help_text = format_html("<strong>{}</strong> {}", words, self.fields["paper"].help_text)


class PicturesForm(SentForm):
    called = {"picture": "pictures"}

    def rules(self) -> Iterable[Rule]:
        return ((("picture",), self._read),)

    def _read(self, pictures: "list[File[bytes]]") -> None:
        self.cleaned_data["picture"] = [files.sizes_of(each, sender=self.by.pk) for each in pictures]


MOST_CAMERAS = 1000


class CamerasForm(forms.Form):
    cameras = forms.IntegerField(
        label=_("How many cameras do you have?"), min_value=1, max_value=MOST_CAMERAS, widget=forms.NumberInput()
    )


class QuantityForm(CheckedForm):
    """A number of pieces. The service checks it, and words the refusal."""

    quantity = forms.IntegerField(
        label=_("How many?"),
        initial=1,
        widget=forms.NumberInput(attrs={"min": 1, "class": "usa-input--small", "inputmode": "numeric"}),
    )
