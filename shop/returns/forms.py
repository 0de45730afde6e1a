from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.lookup.finders import LONGEST
from fusus_portal.ground.pages.fields import FewLines
from shop.catalogue.forms import HundredthsField, Pictures, PicturesField, PicturesForm
from shop.parcels.forms import ParcelLabelForm, ScanInput
from shop.parcels.models import Carrier
from shop.returns import policies, selectors
from shop.returns.models import PartDeduction, Return
from shop.returns.policies import LONGEST_NOTE, Part
from shop.returns.presenters.cases import STATES
from shop.rules import PICTURES_OF_RETURN


class FindReturnForm(forms.Form):
    """Filter of the list of returns. A scanner types into the first field."""

    q = forms.CharField(label=gettext_lazy("Number, serial number or business"), required=False, max_length=120)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states: Any = self.fields["state"]
        words = [(state, label) for state, (label, _next) in STATES.items()]
        states.choices = [("", gettext_lazy("All that are open")), *words]


class ReturnLabelForm(ParcelLabelForm):
    box = None  # type: ignore[assignment]
    carrier = forms.ChoiceField(label=gettext_lazy("Who brings it"), choices=Carrier.choices)
    tracking = forms.CharField(label=gettext_lazy("Tracking number"), max_length=40, required=False)


class ReceiveForm(CheckedForm):
    keeps_focus: ClassVar = True
    serial = forms.CharField(
        label=gettext_lazy("Serial number of what is in the parcel"),
        max_length=LONGEST,
        help_text=gettext_lazy("Scan or type it. It is compared with the CORE of this return before anything counts."),
        widget=ScanInput(),
    )


class UndoReturnForm(CheckedForm):
    reason = forms.CharField(
        label=gettext_lazy("What was the mistake?"),
        max_length=200,
        help_text=gettext_lazy("Auditors read this sentence."),
    )


class OpenedForm(PicturesForm):
    """A parcel that was opened, with pictures. back: the return that it belongs to."""

    picture = PicturesField(
        label=gettext_lazy("Pictures of what was in the parcel"),
        help_text=format_lazy(
            gettext_lazy("1 to {most} pictures as JPEG, PNG or WebP, at most 10 MB together."), most=PICTURES_OF_RETURN
        ),
        widget=Pictures(attrs={"accept": ".jpg,.jpeg,.png,.webp"}),
    )

    def __init__(self, *args: Any, back: Return, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.back = back

    def rules(self) -> Iterable[Rule]:
        return ((("picture",), policies.check_pictures), *super().rules())


class MissingForm(OpenedForm):
    field_order = ("serial", "picture", "reason")

    serial = forms.CharField(
        label=gettext_lazy("Serial number of another CORE in it, if there is one"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("What the business reads"),
        max_length=200,
        help_text=gettext_lazy("One sentence on what was in the parcel."),
    )

    def rules(self) -> Iterable[Rule]:
        return (*super().rules(), (("serial",), partial(policies.check_other, self.back)))


class InspectForm(OpenedForm):
    field_order = ("parts", "note", "picture")

    parts = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Missing or broken"),
        queryset=PartDeduction.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = FewLines(label=gettext_lazy("What was seen"), max_length=LONGEST_NOTE, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["parts"]
        field.queryset = selectors.parts_of_return(self.back)
        if not field.queryset.exists():
            del self.fields["parts"]

    def written(self) -> dict[str, Any]:
        """Return the answers, with an empty list of parts if no part was published."""
        return {"parts": [], **super().written()}


class PublishDeductionsForm(CheckedForm):
    lowest = HundredthsField(
        label=gettext_lazy("Goes back at least, in percent of the price"), min_value=0, max_value=100, max_digits=None
    )
    steps = forms.CharField(
        label=gettext_lazy("By age"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
        help_text=gettext_lazy("One step each line: the month from which it counts, and the percent: 12 30"),
    )
    parts = forms.CharField(
        label=gettext_lazy("Missing or broken parts"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("One each line, in English, in Spanish, and the percent: Cable | Cable | 5"),
    )

    def rules(self) -> Iterable[Rule]:
        return (
            (("lowest",), policies.check_lowest),
            (("steps",), policies.check_steps),
            (("parts",), policies.check_part_deductions),
        )

    def clean_steps(self) -> dict[int, int]:
        """Return deductions, in hundredths of a percent, by the age in months from which they count."""
        steps: dict[int, int] = {}
        for line in _lines(self.cleaned_data["steps"]):
            words = line.split()
            if len(words) != 2:
                raise ValidationError(_("Each line is a whole month of its own and a percent: 12 30"))
            month, off = _numbers(words)
            if month in steps or month % 100:
                raise ValidationError(_("Each line is a whole month of its own and a percent: 12 30"))
            steps[month] = off
        return {month // 100: off for month, off in steps.items()}

    def clean_parts(self) -> list[Part]:
        parts = []
        for line in _lines(self.cleaned_data["parts"]):
            words = [word.strip() for word in line.split("|")]
            if len(words) != 3:
                raise ValidationError(
                    _("Each line is a name in English, one in Spanish and a percent: Cable | Cable | 5")
                )
            (off,) = _numbers(words[2:])
            parts.append((words[0], words[1], off))
        return parts


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _numbers(words: list[str]) -> list[int]:
    """Return numbers in hundredths. Raises ValidationError for a word that is no number."""
    try:
        return [round(float(word.rstrip("%")) * 100) for word in words]
    except (ValueError, OverflowError) as error:
        raise ValidationError(_("Write numbers, such as 12 30.")) from error
