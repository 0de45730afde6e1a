"""Owners whose names, streets, phone numbers and mail addresses nobody else has.

The world is the one of `tests.browser.pages.everybody`; each person who registers or orders there gets such words.
"""

from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest

from fusus_portal.demo.data.tiger import Home
from registry.people.services import registrants
from registry.people.services.registrants import Reach
from registry.places.models import Camera, Premises
from registry.registrants.models import ContactWay, Registrant
from shop.orders.models.orders import Order
from shop.orders.services import orders as order_services
from tests.factories import LINN_PARK
from tests.registry.letters import post

PLANTED, HOME, FIRST = "Zorbel", "Zorbel Home Way", 1001


@dataclass(frozen=True)
class Owner:
    """A registrant. words: name, streets, phone, mail. counted: keys of the registrant and cameras, as in entries."""

    reference: str
    words: frozenset[str]
    counted: frozenset[str]


def plant(patched: pytest.MonkeyPatch) -> None:
    """Give each person who registers from now on, and each of their orders, words of their own."""
    numbers, register, draft = count(FIRST), registrants.register, order_services.draft
    here = ("Birmingham", "35203", LINN_PARK.longitude, LINN_PARK.latitude)
    patched.setattr(post, "HOMES", [Home(number, HOME, *here) for number in range(FIRST, FIRST + 200)])

    def registering(**about: Any) -> Registrant:
        number, place = next(numbers), about["place"]
        home = replace(place.address, street=f"{number} {HOME}")
        name, phone = f"{PLANTED}{number} Works", f"205-555-{number}"
        words = {"name": name, "phone": phone, "place": replace(place, address=home)}
        return register(**about | words, reach=Reach(ContactWay.CALL))

    def ordering(**about: Any) -> Order:
        number, sending = about["registrant"].name.removeprefix(PLANTED)[:4], about["sending"]
        dock, desk = (f"{number} {PLANTED} {end} Street" for end in ("Dock", "Desk"))
        ship, bill = replace(sending.ship_to, street=dock), replace(sending.bill_to, street=desk)
        name = f"Rosa {PLANTED}{number}"
        return draft(**about | {"sending": replace(sending, ship_name=name, ship_to=ship, bill_to=bill)})

    patched.setattr(registrants, "register", registering)
    patched.setattr(order_services, "draft", ordering)


def owners() -> list[Owner]:
    """Return everybody who has such words, businesses first."""
    planted = Registrant.objects.filter(name__startswith=PLANTED).select_related("user")
    return [_owner(each) for each in planted.order_by("kind", "registered_at")]


def _owner(registrant: Registrant) -> Owner:
    orders = Order.objects.filter(registrant=registrant).values_list("ship_name", "ship_street", "bill_street")
    streets = Premises.objects.filter(registrant=registrant).values_list("street", flat=True)
    texts = {registrant.name, *streets, *(text for order in orders for text in order)}
    own = {text for text in texts if PLANTED in text} | {registrant.phone, registrant.user.email}
    cameras = Camera.objects.filter(premises__registrant=registrant).values_list("pk", flat=True)
    return Owner(registrant.reference, frozenset(own), frozenset(map(str, (registrant.pk, *cameras))))
