"""Sales tax follows the place where the parcel goes, and that place exists. Nobody picks a rate by an invented one."""

from dataclasses import replace
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from registry.places.models import Premises
from shop.orders.models.orders import Order, TaxRate
from shop.orders.selectors.quotes import quote
from shop.orders.services import orders as order_services, taxes
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.people import sign_in
from tests.shop.connections.renewed import announced, submitted
from tests.shop.orders import orders
from tests.shop.orders.orders import ADDRESS, SENDING
from tests.shop.orders.test_order_pages import SHIP
from tests.shop.returns.returned import bought
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1)

INVENTED, IN_GEORGIA, PO_BOX = "35299", "30303", "35201"
UNKNOWN, ELSEWHERE = "know this ZIP code", "This ZIP code is in another state"


def cheaper(beginning: str) -> TaxRate:
    """Return a rate of nothing where ZIP codes begin so."""
    from_day = orders.tax_rate().starts_on
    by = person("administrator")
    return taxes.add(by=by, state="AL", tax_code="goods", basis_points=0, starts_on=from_day, zip_prefix=beginning)


@pytest.fixture
def shopper(business: User) -> Client:
    """Return the browser of a business with a CORE in its cart, where some ZIP codes are taxed less."""
    business_at(user=business)
    for zip_code in ("3529", "303"):
        cheaper(zip_code)
    browser = sign_in(business)
    browser.post(reverse("product_add", args=[orders.product().slug]), {"quantity": 1})
    return browser


@pytest.mark.parametrize(
    ("zip_code", "sentence"), [(INVENTED, UNKNOWN), (IN_GEORGIA, ELSEWHERE), (f"{INVENTED}-1234", UNKNOWN)]
)
@pytest.mark.parametrize("kind", ["ship", "bill"])
def test_an_invented_zip_code_is_refused_at_its_field(shopper: Client, kind: str, zip_code: str, sentence: str) -> None:
    bill = {"same": "", "bill_street": "1 Main", "bill_city": "Birmingham", "bill_state": "AL", "bill_zip": "35203"}
    page = shopper.post(reverse("checkout_addresses"), {**SHIP, **bill, f"{kind}_zip": zip_code}).text
    assert f'href="#id_{kind}_zip"' in page
    assert sentence in page
    assert not Order.objects.exists()


def test_a_post_office_box_is_a_place(shopper: Client) -> None:
    shopper.post(reverse("checkout_addresses"), {**SHIP, "ship_zip": PO_BOX})
    assert Order.objects.get().tax == 3_500


@pytest.mark.parametrize("name", ["checkout_card", "checkout_purchase_order"])
def test_a_place_that_was_taken_before_is_looked_at_again_when_it_is_placed(shopper: Client, name: str) -> None:
    shopper.post(reverse("checkout_addresses"), SHIP)
    Order.objects.update(ship_zip=INVENTED)
    paper = {"number": "PO-1", "limit": "900", "paper": orders.pdf()}
    page = shopper.post(reverse(name), {"consent": "on", **paper}, follow=True).text
    assert UNKNOWN in page
    assert "Where should we send it?" in page
    assert Order.objects.get().state == "draft"


@pytest.mark.parametrize("place", [orders.placed, orders.submitted])
def test_a_place_that_was_changed_after_the_tax_was_counted_is_taxed_anew(place: object) -> None:
    cheaper("366")
    order = orders.drafted()
    Order.objects.update(ship_zip="36602")
    order.refresh_from_db()
    error = orders.refused(lambda: place(order))  # type: ignore[operator]
    assert isinstance(error, ValidationError)
    assert error.message_dict.keys() == {"prices"}


def test_a_certificate_of_one_state_frees_no_parcel_to_another() -> None:
    owner = business_at()
    orders.certificate(owner)
    cheaper("35")
    elsewhere = replace(SENDING, ship_to=replace(ADDRESS, zip_code=IN_GEORGIA))
    cart = orders.cart_with(owner, (orders.product(), 1))
    error = orders.refused(lambda: order_services.draft(registrant=owner, cart=cart, by=owner.user, sending=elsewhere))
    assert isinstance(error, ValidationError)
    assert error.message_dict.keys() == {"ship_zip"}


def test_nothing_is_priced_for_a_place_that_there_is_not() -> None:
    orders.tax_rate()
    with pytest.raises(ValidationError, match=UNKNOWN):
        quote([(orders.product(), 1)], state="AL", zip_code=INVENTED, registrant=None)


def test_a_further_year_is_taxed_where_the_core_is() -> None:
    core = bought()
    cheaper("366")
    # It was sent to an office far away; it stands in Birmingham.
    mobile = {"ship_city": "Mobile", "ship_zip": "36602"}
    order = Order.objects.get()
    assert order.tax > 0
    premises = Premises.objects.get(cores=core)
    Premises.objects.filter(pk=premises.pk).update(city=mobile["ship_city"], zip_code=mobile["ship_zip"])
    year = announced(core)
    assert (year.tax, year.ship_zip, year.lines.get().tax_basis_points) == (0, "36602", 0)


def test_a_year_that_is_announced_again_keeps_the_place_of_its_tax() -> None:
    core = bought()
    cheaper("366")
    year = announced(core)
    assert year.tax > 0
    Premises.objects.filter(cores=core).update(city="Mobile", zip_code="36602")
    sent = submitted(year)
    order_services.decline_purchase_order(purchase_order=sent.purchase_order, by=person("clerk"), reason="Blurred")
    again = Order.objects.get(renews=year.renews_id, state="awaiting_payment")
    assert (again.tax, again.ship_zip) == (year.tax, year.ship_zip)
