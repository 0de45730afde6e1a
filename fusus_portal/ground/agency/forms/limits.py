from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from fusus_portal.ground.agency.bounds import Bounds


class BoundedForm(forms.ModelForm[Any]):
    bounds: ClassVar[Mapping[str, Bounds]]

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, bounds in self.bounds.items():
            field = self.fields[name]
            words = {"default": bounds.default, "least": bounds.least, "most": bounds.most, "unit": bounds.unit}
            field.label = f"{field.label} ({bounds.unit})"
            field.help_text += " " + _("Default %(default)s. From %(least)s to %(most)s %(unit)s.") % words
            field.widget.attrs.update({"class": "usa-input--small", "min": bounds.least, "max": bounds.most})

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
