"""The form of the agency's limits."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.agency.forms.fields import Lines
from registry.limits.models import BOUNDS, Limits


class LimitsForm(forms.ModelForm[Limits]):
    """Each limit with what it does, its unit, its default and the range that no setting can pass."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    empty_phrases = Lines(
        label=_("Phrases that say nothing"),
        required=False,
        help_text=_(
            "One a line. A reason made of these alone is refused. The portal's own list always counts as well."
        ),
    )

    class Meta:
        model = Limits
        fields = (*BOUNDS, "empty_phrases")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, bounds in BOUNDS.items():
            field = self.fields[name]
            words = {"default": bounds.default, "least": bounds.least, "most": bounds.most, "unit": bounds.unit}
            field.label = f"{field.label} ({bounds.unit})"
            field.help_text += " " + _now("Default %(default)s. From %(least)s to %(most)s %(unit)s.") % words
            field.widget.attrs.update({"class": "usa-input--small", "min": bounds.least, "max": bounds.most})

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        return dict(self.cleaned_data)
