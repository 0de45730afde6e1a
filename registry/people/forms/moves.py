from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.jurisdiction import inside_jurisdiction
from fusus_portal.ground.geo.points import Point
from registry.people.services.moves import Wish
from registry.places.forms.places import AddressForm, PinForm, address_of, could_be_inside
from registry.places.policies import check_moves


class MoveAddressForm(AddressForm):
    """A new address anywhere in the country. current: the present address of the place."""

    def __init__(self, *args: Any, current: Address, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current = current

    def check_found(self) -> None:
        check_moves(self.current, to=address_of(self.cleaned_data))


class MovePinForm(PinForm):
    """The pin on the new address, on either side of the county line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confirmed"].label = _("Yes, the pin is on the right side of the county line.")

    @property
    def is_elsewhere(self) -> bool:
        """True if the address alone shows that the new place is outside."""
        return not inside_jurisdiction(self.found.point) and not could_be_inside(self.found)

    def check_where(self, pin: Point) -> None:
        """Accept a pin in any county: its place decides what the move means."""

    def check_moved(self, pin: Point) -> None:
        """Require the exact spot only if it decides something: inside, or close to the line."""
        if not self.is_elsewhere:
            super().check_moved(pin)


class WishForm(forms.Form):
    """Consent of a person who moves to another county. No box is ticked before."""

    tell = forms.BooleanField(
        label=_("Yes, ask the agency there to join, because somebody moved there who would register cameras."),
        required=False,
    )
    write_to_me = forms.BooleanField(
        label=_("They may write to me, too: keep my name and e-mail address for that."), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Refuse to write to the person if no agency is asked."""
        cleaned = super().clean() or {}
        if cleaned.get("write_to_me") and not cleaned.get("tell"):
            raise ValidationError({"tell": _now("Tick this box too, or neither.")})
        return cleaned

    def wish(self) -> Wish | None:
        return Wish(with_contact=self.cleaned_data["write_to_me"]) if self.cleaned_data["tell"] else None
