"""Moving: the new address, wherever it is, the pin on it, and what the person agrees to when it is elsewhere."""

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
    """A new address anywhere in the country. current: the address that the place has now."""

    def __init__(self, *args: Any, current: Address, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current = current

    def check_found(self) -> None:
        """Take an address in any county; only the one that is known already is no move."""
        check_moves(self.current, to=address_of(self.cleaned_data))


class MovePinForm(PinForm):
    """Where exactly the new address is, on whichever side of the county line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confirmed"].label = _("Yes, the pin is on the right side of the county line.")

    @property
    def is_elsewhere(self) -> bool:
        """Whether the address alone says that the new place is outside."""
        return not inside_jurisdiction(self.found.point) and not could_be_inside(self.found)

    def check_where(self, pin: Point) -> None:
        """Take a pin in any county: its place decides what the move means."""

    def check_moved(self, pin: Point) -> None:
        """Ask for the very spot only where it decides something: inside, and close to the line."""
        if not self.is_elsewhere:
            super().check_moved(pin)


class WishForm(forms.Form):
    """What the person agrees to when they move to another county. No box is ticked before."""

    tell = forms.BooleanField(
        label=_("Yes, ask the agency there to join, because somebody moved there who would register cameras."),
        required=False,
    )
    write_to_me = forms.BooleanField(
        label=_("They may write to me, too: keep my name and e-mail address for that."), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Nobody can be written to about what nobody is asked."""
        cleaned = super().clean() or {}
        if cleaned.get("write_to_me") and not cleaned.get("tell"):
            raise ValidationError({"tell": _now("Tick this box too, or neither.")})
        return cleaned

    def wish(self) -> Wish | None:
        """Return what the person wants of a valid form."""
        return Wish(with_contact=self.cleaned_data["write_to_me"]) if self.cleaned_data["tell"] else None
