"""A card payment confirms the buyer's place, where the card's bank has confirmed its address, and nothing else does."""

from dataclasses import replace
from typing import Any

import pytest

from fusus_portal.ground.geo.geocoding import Address
from registry.places.models import Confirmation, ConfirmedBy
from registry.places.selectors import is_confirmed
from shop.payments.gateway.answers import checked_address
from shop.payments.services import payments
from tests.factories import registrant_at
from tests.peers.payments import PAID, PaymentPeer
from tests.shop.orders import orders
from tests.shop.orders.orders import buyer_of
from tests.shop.payments import paying
from tests.shop.payments.paper import Paper

pytestmark = pytest.mark.django_db

HOME = Address("600 20TH ST N", "Birmingham", "AL", "35203-1234")
"""The place of the business in these tests, as a bank writes it."""


def method(**checks: str | None) -> dict[str, Any]:
    """Return a payment method as the service gives it."""
    passed: dict[str, str | None] = {"address_line1_check": "pass", "address_postal_code_check": "pass"}
    told = {"line1": HOME.street, "line2": None, "city": HOME.city, "state": HOME.state, "postal_code": HOME.zip_code}
    return {
        "id": "pm_1",
        "billing_details": {"address": {**told, "country": "US"}, "name": "A. Rivera"},
        "card": {"brand": "visa", "checks": {**passed, **checks, "cvc_check": "pass"}},
    }


class TestWhatTheServiceSays:
    def test_an_address_that_the_bank_confirmed(self) -> None:
        assert checked_address(method()) == HOME

    @pytest.mark.parametrize("check", ["address_line1_check", "address_postal_code_check"])
    @pytest.mark.parametrize("said", ["fail", "unavailable", "unchecked", None])
    def test_half_an_address_is_no_address(self, check: str, said: str | None) -> None:
        assert checked_address(method(**{check: said})) is None

    @pytest.mark.parametrize("told", [None, "pm_1", {}, {"card": None, "billing_details": None}, {"card": {}}])
    def test_a_method_that_says_nothing_of_it(self, told: object) -> None:
        assert checked_address(told) is None


class TestAPayment:
    def paid(self, paper: Paper, address: Address | None) -> Any:
        attempt = orders.opened()
        paper.pay(attempt.session_id)
        paper.sessions[attempt.session_id] = replace(paper.sessions[attempt.session_id], checked_address=address)
        payments.settle(attempt=attempt)
        return buyer_of(attempt.order).registrant.premises.get()

    def test_it_confirms_the_place_at_this_address_however_it_is_written(self, paper: Paper) -> None:
        place = self.paid(paper, HOME)
        assert Confirmation.objects.get(premises=place).way == ConfirmedBy.CARD

    @pytest.mark.parametrize("address", [None, replace(HOME, street="601 20th St N"), replace(HOME, zip_code="35205")])
    def test_without_it_or_with_another_it_confirms_nothing(self, paper: Paper, address: Address | None) -> None:
        assert not is_confirmed(self.paid(paper, address))

    def test_somebody_else_s_place_at_this_address_stays_as_it_is(self, paper: Paper) -> None:
        other = registrant_at().premises.get()
        place = self.paid(paper, HOME)
        assert place.address == other.address
        assert is_confirmed(place)
        assert not is_confirmed(other)


@pytest.mark.django_db(transaction=True)
def test_it_does_so_at_the_payment_peer(payment_peer: PaymentPeer) -> None:
    bought = paying.begin(orders.product())
    address = {"line1": HOME.street, "city": HOME.city, "state": HOME.state, "postal_code": HOME.zip_code}
    payment_peer.tell("pay", session=bought.attempt.session_id, number=PAID, address=address)
    bought.settle()
    assert Confirmation.objects.get(premises__registrant=bought.owner).way == ConfirmedBy.CARD
