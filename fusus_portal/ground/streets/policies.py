from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.streets.finder.names import label, street_name
from fusus_portal.ground.streets.finder.numbers import HouseNumber, house_number


def check_street(text: str) -> tuple[HouseNumber, str]:
    """Return house number and label of the street of "2024 11th Ave S". Raises ValidationError on "street"."""
    first, _space, rest = text.strip().partition(" ")
    number, street = house_number(first), label(rest)
    if number is None or not street_name(street).key:
        raise ValidationError({"street": _("Write the house number and the street: 2024 11th Ave S.")})
    return number, street
