"""The form of the limits of the shop."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from shop.limits.models import BOUNDS, ShopLimits


class ShopLimitsForm(forms.ModelForm[ShopLimits]):
    """Each limit with what it does, its unit, and the range that no setting can pass."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = ShopLimits
        fields = tuple(BOUNDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, bounds in BOUNDS.items():
            field = self.fields[name]
            words = {"least": bounds.least, "most": bounds.most, "unit": bounds.unit}
            field.label = f"{field.label} ({bounds.unit})"
            field.help_text += " " + _("From %(least)s to %(most)s %(unit)s.") % words
            field.widget.attrs.update({"class": "usa-input--small", "min": bounds.least, "max": bounds.most})

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        return dict(self.cleaned_data)
