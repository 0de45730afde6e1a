"""A buyer's cart is compared with the stock: a shortage is said at once, and again at each step."""

import re
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from shop.catalogue import services
from shop.catalogue.models import Discount, Product
from shop.orders.models.orders import Order
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.people import sign_in
from tests.shop.orders import orders
from tests.shop.orders.test_order_pages import SHIP
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1)

STEPS = ["checkout_tax", "checkout_payment", "checkout_card", "checkout_purchase_order"]
LEFT = "Only 5 of"


@pytest.fixture
def product() -> Product:
    """Return a CORE with five pieces in stock."""
    orders.tax_rate()
    return orders.product(on_hand=5)


@pytest.fixture
def shopper(business: User, product: Product) -> Client:
    """Return the browser of a business that is about to check an order of one CORE."""
    business_at(user=business)
    browser = sign_in(business)
    puts(browser, product, 1)
    assert browser.post(reverse("checkout_addresses"), SHIP)["Location"] == reverse("checkout_tax")
    return browser


def puts(browser: Client, product: Product, quantity: int) -> str:
    return browser.post(reverse("product_add", args=[product.slug]), {"quantity": quantity}, follow=True).text


def page_of(browser: Client, name: str) -> str:
    return browser.get(reverse(name), follow=True).text


def others_buy(product: Product, pieces: int) -> None:
    services.change_stock(product=product, by=person("administrator"), kind="scrapped", change=-pieces, note="Dropped")


def test_the_list_puts_a_product_into_the_cart(product: Product) -> None:
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(reverse("shop")).text
    [form] = [one for one in page.split("<form")[1:] if reverse("product_add", args=[product.slug]) in one]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', form))
    added = browser.post(reverse("product_add", args=[product.slug]), fields, follow=True)
    assert added.redirect_chain[-1][0] == reverse("cart")
    assert product.name in added.text


def test_99_of_5_are_not_taken_into_the_cart(visitor_client: Client, product: Product) -> None:
    page = puts(visitor_client, product, 99)
    assert LEFT in page
    assert "Your cart is empty" in page_of(visitor_client, "cart")
    page = puts(visitor_client, product, 5)
    assert "Only 5 left" in page
    assert LEFT not in page
    changed = visitor_client.post(reverse("cart_change", args=[product.slug]), {"quantity": 99})
    assert changed.status_code == 422
    assert LEFT in changed.text


def test_what_others_bought_meanwhile_is_said_in_the_cart(visitor_client: Client, product: Product) -> None:
    puts(visitor_client, product, 5)
    others_buy(product, 4)
    page = page_of(visitor_client, "cart")
    assert "Only 1 of" in page
    assert f'href="{reverse("checkout")}"' not in page
    assert "Only 1 of" in page_of(visitor_client, "checkout")
    visitor_client.post(reverse("cart_change", args=[product.slug]), {"quantity": 1})
    assert f'href="{reverse("checkout")}"' in page_of(visitor_client, "cart")


def test_what_is_not_sold_any_more_is_not_called_sold_out(visitor_client: Client, product: Product) -> None:
    puts(visitor_client, product, 5)
    others_buy(product, 5)
    services.retire_product(product=product, by=person("administrator"))
    page = page_of(visitor_client, "cart")
    assert "This is not sold any more." in page
    assert "is sold out" not in page


@pytest.mark.parametrize("step", ["checkout_addresses", *STEPS])
def test_what_others_bought_meanwhile_is_said_at_each_step(shopper: Client, product: Product, step: str) -> None:
    others_buy(product, 5)
    assert "is sold out" in page_of(shopper, step)


def test_no_order_is_put_together_of_what_is_not_there(shopper: Client, product: Product) -> None:
    Order.objects.all().delete()
    others_buy(product, 5)
    page = shopper.post(reverse("checkout_addresses"), SHIP, follow=True).text
    assert "is sold out" in page
    assert not Order.objects.exists()


@pytest.mark.parametrize("step", STEPS)
def test_a_cart_that_another_tab_changed_is_checked_anew(shopper: Client, product: Product, step: str) -> None:
    puts(shopper, product, 3)
    page = page_of(shopper, step)
    assert "Your cart has changed since you looked" in page
    assert "Where should we send it?" in page
    shopper.post(reverse("checkout_addresses"), SHIP)
    assert "3 at $350.00 each" in page_of(shopper, step) or step == "checkout_payment"


def test_nothing_is_ordered_that_the_cart_does_not_hold_any_more(shopper: Client, product: Product) -> None:
    shopper.post(reverse("cart_remove", args=[product.slug]))
    assert shopper.post(reverse("checkout_card"), {"consent": "on"}, follow=True).status_code == 200
    assert Order.objects.get().state == "draft"


def test_cart_and_check_page_say_the_same_amounts(shopper: Client) -> None:
    fee_apart = orders.product(cents=20_000, fee=5_000, included=False)
    services.add_discount(product=fee_apart, by=person("administrator"), from_quantity=2, basis_points=1_000)
    assert Discount.objects.exists()
    puts(shopper, fee_apart, 2)
    shopper.post(reverse("checkout_addresses"), SHIP)
    cart, check = page_of(shopper, "cart"), page_of(shopper, "checkout_card")
    for words in ("$750.00", "$100.00", "$40.00", "Each later year, plus sales tax", "$250.00"):
        assert words in cart
        assert words in check
    assert "$810.00" in cart  # without tax
    assert "$891.00" in check
