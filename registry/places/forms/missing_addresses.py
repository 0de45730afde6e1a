from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import Rule
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets.policies import check_street
from fusus_portal.ground.streets.services.corrections import NewAddress
from registry.places.forms.places import Placed
from registry.places.models import Premises
from registry.places.policies import check_inside


class MissingAddressForm(Placed):
    street = forms.CharField(label=_("Street and number"), max_length=100)
    city = forms.CharField(label=_("City"), max_length=60)
    zip_code = forms.RegexField(
        label=_("ZIP code"),
        regex=r"^\d{5}$",
        error_messages={"invalid": _("A ZIP code has five digits, for example 35203.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "usa-input--small"}),
    )

    field_order = ("street", "city", "zip_code", "latitude", "longitude")

    def rules(self) -> Iterable[Rule]:
        return (
            (("street",), check_street),
            (("latitude", "longitude"), lambda north, east: check_inside(Point(north, east), field="latitude")),
        )

    def written(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {"address": NewAddress(told["street"], told["city"], told["zip_code"], self.point())}


def initial_of(premises: Premises) -> dict[str, str]:
    return {
        "street": premises.street,
        "city": premises.city,
        "zip_code": premises.zip_code[:5],
        "latitude": f"{premises.latitude:.6f}",
        "longitude": f"{premises.longitude:.6f}",
    }
