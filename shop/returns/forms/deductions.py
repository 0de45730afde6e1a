from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from shop.catalogue.forms.shop import HundredthsField
from shop.returns import policies
from shop.returns.policies import Part


class PublishForm(CheckedForm):
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
        """Return hundredths of a percent by month."""
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
    """Return numbers in hundredths. Raises ValidationError for other words."""
    try:
        return [round(float(word.rstrip("%")) * 100) for word in words]
    except (ValueError, OverflowError) as error:
        raise ValidationError(_("Write numbers, such as 12 30.")) from error
