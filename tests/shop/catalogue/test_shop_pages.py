"""Pages of the shop that visitors see: the list, the comparison, a product, the cart."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from shop.catalogue import services
from shop.catalogue.models import Price, Product
from shop.catalogue.presenters import PRODUCTS_A_PAGE
from shop.orders.models.orders import CartLine
from shop.orders.selectors import orders as selectors_orders
from tests.factories import person
from tests.integration.cores.devices import business_at, core_model
from tests.people import sign_in
from tests.shop.orders import orders
from tests.shop.returns.returned import published

pytestmark = pytest.mark.django_db


def pictured(product: Product, *, width: int = 60) -> Product:
    picture = BytesIO()
    Image.new("RGB", (width, width // 2), "navy").save(picture, "PNG")
    services.add_picture(
        product=product,
        by=person(Role.ADMINISTRATOR),
        upload=ContentFile(picture.getvalue(), name="core.png"),
        alternative="A CORE on a shelf",
        alternative_es="Un CORE en un estante",
    )
    return product


def tier(cameras: int, cents: int, fee: int) -> Product:
    """Return a CORE that connects so many cameras, the first year's fee included."""
    by = person(Role.ADMINISTRATOR)
    model = core_model(cameras=cameras)
    details = Product(name=model.name, name_es=model.name, tax_code="goods", first_year_included=True, core_model=model)
    product = services.add_product(by=by, kind="core", details=details)
    services.set_price(product=product, by=by, cents=cents, yearly_fee=fee)
    return product


def text(client: Client, name: str, *args: object, **query: str | int) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


def queries(client: Client, method: str, path: str, data: dict[str, object] | None = None) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = getattr(client, method)(path, data or {})
    assert answer.status_code in (200, 302)
    return len([each for each in captured if "SAVEPOINT" not in each["sql"]])


class TestList:
    def test_it_says_what_each_costs_now_and_later(self, visitor_client: Client) -> None:
        tier(4, 35_000, 15_000)
        page = text(visitor_client, "shop")
        for words in ("Connects up to 4 cameras", "$350.00", "$150.00", "The first year&#x27;s fee is in the price."):
            assert words in page

    def test_a_fee_that_is_not_included_comes_on_top_in_the_first_year(self, visitor_client: Client) -> None:
        product = orders.product(included=False)
        assert "$500.00" in text(visitor_client, "product", product.slug)

    def test_without_a_product_it_says_so(self, visitor_client: Client) -> None:
        assert "Nothing is on sale yet" in text(visitor_client, "shop")

    def test_what_is_retired_or_has_no_price_is_not_there(self, visitor_client: Client) -> None:
        gone, unpriced = orders.product(), orders.product(priced=False)
        services.retire_product(product=gone, by=person(Role.ADMINISTRATOR))
        page = text(visitor_client, "shop")
        for product in (gone, unpriced):
            assert product.name not in page
            assert visitor_client.get(reverse("product", args=[product.slug])).status_code == 404

    def test_it_compares_by_the_number_of_cameras(self, visitor_client: Client) -> None:
        small, large = tier(4, 35_000, 15_000), tier(16, 90_000, 40_000)
        page = text(visitor_client, "shop", cameras=9)
        rows = [row.split("</tr>")[0] for row in page.split("<tbody>")[1].split("<tr>")[1:]]
        assert [small.name in rows[1], large.name in rows[0]] == [True, True]
        for words in (">3<", ">12<", "$1,050.00", "$450.00"):
            assert words in rows[1]

    def test_a_press_in_the_comparison_adds_as_many_as_are_needed(self, visitor_client: Client) -> None:
        small = tier(4, 35_000, 15_000)
        services.change_stock(product=small, by=person(Role.ADMINISTRATOR), kind="received", change=3)
        row = text(visitor_client, "shop", cameras=9).split("<tbody>")[1].split("</tbody>")[0]
        address, pieces = re.findall(r'action="([^"]+)"|name="quantity" value="(\d+)"', row)
        visitor_client.post(address[0], {"quantity": pieces[1]})
        assert [(line.product, line.quantity) for line in CartLine.objects.all()] == [(small, 3)]

    def test_a_comparison_adds_nothing_that_is_sold_out(self, visitor_client: Client) -> None:
        tier(4, 35_000, 15_000)
        row = text(visitor_client, "shop", cameras=9).split("<tbody>")[1].split("</tbody>")[0]
        assert "Sold out" in row
        assert "<form" not in row

    @pytest.mark.parametrize("cameras", ["0", "-4", "many", "100000"])
    def test_what_is_no_number_of_cameras_is_said_at_the_field(self, visitor_client: Client, cameras: str) -> None:
        tier(4, 35_000, 15_000)
        assert "usa-error-message" in text(visitor_client, "shop", cameras=cameras)

    def test_a_discount_by_number_counts_in_the_comparison(self, visitor_client: Client) -> None:
        product = tier(4, 35_000, 15_000)
        services.add_discount(product=product, by=person(Role.ADMINISTRATOR), from_quantity=3, basis_points=1000)
        assert "$945.00" in text(visitor_client, "shop", cameras=9)

    def test_it_has_pages_with_cores_first_and_the_cheapest_before_the_others(self, visitor_client: Client) -> None:
        cents = range(3_000, 3_000 + PRODUCTS_A_PAGE)
        accessories = [orders.product(kind="accessory", cents=each, on_hand=1) for each in cents]
        cores = [orders.product(cents=90_000), orders.product(cents=50_000)]
        pages = [text(visitor_client, "shop", page=number) for number in (1, 2)]
        names = [re.findall(r">(Thing \d+)</h3>", page) for page in pages]
        wanted = [each.name for each in [*reversed(cores), *accessories]]
        assert names == [wanted[:PRODUCTS_A_PAGE], wanted[PRODUCTS_A_PAGE:]]
        assert "Page 1 of 2" in pages[0]
        assert "?cameras=9&amp;page=2" in text(visitor_client, "shop", cameras=9)

    def test_a_price_to_come_lists_nothing_and_moves_nothing(self, visitor_client: Client) -> None:
        soon, by = timezone.now() + timedelta(days=1), person(Role.ADMINISTRATOR)
        dear, cheap, coming = orders.product(cents=2_000), orders.product(cents=1_000), orders.product(priced=False)
        for product in (cheap, coming):
            services.set_price(product=product, by=by, cents=5_000, yearly_fee=0, starts_at=soon)
        assert re.findall(r">(Thing \d+)</h3>", text(visitor_client, "shop")) == [cheap.name, dear.name]
        with time_machine.travel(soon + timedelta(minutes=1)):
            names = re.findall(r">(Thing \d+)</h3>", text(visitor_client, "shop"))
        assert names == sorted([cheap.name, coming.name, dear.name], key=lambda name: (name != dear.name, name))


class TestProduct:
    def test_stock_stands_there_in_words(self, visitor_client: Client) -> None:
        for on_hand, words in ((10, "In stock"), (3, "Only 3 left"), (0, "Sold out for now")):
            page = text(visitor_client, "product", orders.product(on_hand=on_hand).slug)
            assert words in page
            assert ("Add to cart" in page) == bool(on_hand)

    def test_its_picture_comes_in_several_sizes_as_webp(self, visitor_client: Client) -> None:
        product = pictured(orders.product(), width=1600)
        page = text(visitor_client, "product", product.slug)
        picture = product.pictures.get()
        for size, width in (("small", 400), ("large", 1200)):
            address = reverse("product_picture", args=[picture.pk, size])
            assert f"{address} {width}w" in page
            answer = visitor_client.get(address)
            assert Image.open(BytesIO(b"".join(answer.streaming_content))).size[0] == width  # type: ignore[attr-defined]
            assert answer["Content-Type"] == "image/webp"
        assert visitor_client.get(reverse("product_picture", args=[picture.pk, "huge"])).status_code == 404
        assert 'alt="A CORE on a shelf"' in page

    def test_it_speaks_spanish(self, visitor_client: Client) -> None:
        product = orders.product()
        page = visitor_client.get(reverse("product", args=[product.slug]), headers={"Accept-Language": "es"})
        assert product.name_es in page.content.decode()
        assert product.name not in page.content.decode()


class TestCart:
    def test_a_visitor_puts_in_changes_and_takes_out(self, visitor_client: Client) -> None:
        product = orders.product()
        page = visitor_client.post(reverse("product_add", args=[product.slug]), {"quantity": 2}, follow=True)
        assert all(words in page.text for words in ('value="2"', "$350.00 each", "$700.00", "In stock"))
        page = visitor_client.post(reverse("cart_change", args=[product.slug]), {"quantity": 3}, follow=True)
        assert all(words in page.text for words in ('value="3"', "$350.00 each", "$1,050.00"))
        page = visitor_client.post(reverse("cart_remove", args=[product.slug]), follow=True)
        assert "Your cart is empty" in page.content.decode()

    @pytest.mark.parametrize("quantity", ["0", "1000", "-1", "", "two"])
    def test_a_number_that_can_t_be_ordered_is_refused_clearly(self, visitor_client: Client, quantity: str) -> None:
        product = orders.product()
        answer = visitor_client.post(reverse("product_add", args=[product.slug]), {"quantity": quantity})
        assert answer.status_code == 422
        assert "Please check what you typed" in answer.content.decode()
        assert not CartLine.objects.exists()
        visitor_client.post(reverse("product_add", args=[product.slug]), {"quantity": 1})
        answer = visitor_client.post(reverse("cart_change", args=[product.slug]), {"quantity": quantity})
        assert answer.status_code == 422
        assert CartLine.objects.get().quantity == 1

    def test_a_new_price_is_shown_and_confirmed_before_it_counts(self, visitor_client: Client) -> None:
        product = orders.product()
        visitor_client.post(reverse("product_add", args=[product.slug]), {"quantity": 1})
        services.set_price(product=product, by=person(Role.ADMINISTRATOR), cents=40_000, yearly_fee=16_000)
        page = text(visitor_client, "cart")
        assert "It cost $350.00 when you looked, and costs $400.00 now." in page
        assert "The yearly fee was $150.00, and is $160.00 now." in page
        assert reverse("checkout") not in page
        assert CartLine.objects.get().seen_cents == 35_000
        page = visitor_client.post(reverse("cart_accept"), follow=True).content.decode()
        assert "when you looked" not in page
        assert reverse("checkout") in page

    def test_what_is_sold_no_more_is_said_and_taken_out(self, visitor_client: Client) -> None:
        product = orders.product()
        visitor_client.post(reverse("product_add", args=[product.slug]), {"quantity": 1})
        link = f'href="{reverse("product", args=[product.slug])}"'
        assert link in text(visitor_client, "cart")
        services.retire_product(product=product, by=person(Role.ADMINISTRATOR))
        page = text(visitor_client, "cart")
        assert "This is not sold any more." in page
        assert link not in page
        visitor_client.post(reverse("cart_accept"))
        assert "Your cart is empty" in text(visitor_client, "cart")

    def test_it_is_nobody_else_s(self, visitor_client: Client) -> None:
        product = orders.product()
        visitor_client.post(reverse("product_add", args=[product.slug]), {"quantity": 1})
        other = Client()
        assert "Your cart is empty" in text(other, "cart")
        assert other.post(reverse("cart_remove", args=[product.slug])).status_code == 404

    def test_a_sign_in_brings_it_along(self, visitor_client: Client, business: User) -> None:
        product = orders.product()
        visitor_client.post(reverse("product_add", args=[product.slug]), {"quantity": 2})
        key = visitor_client.session["cart"]
        browser = sign_in(business, visitor_client)
        session = browser.session
        session["cart"] = key
        session.save()
        assert 'value="2"' in text(browser, "cart")
        assert selectors_orders.cart_of(user=business, browser="") is not None
        assert "cart" not in browser.session


class TestQueries:
    """The bar: 10 for the list, 8 for a product, 12 to add to the cart, however many products there are."""

    def test_they_stay_below_the_bar_and_flat(self, business: User) -> None:
        business_at(user=business)
        published()
        browser = sign_in(business)
        first = pictured(orders.product())
        counts = []
        for _round in range(2):
            browser.get(reverse("shop"))
            counts.append(
                (
                    queries(browser, "get", reverse("shop")),
                    queries(browser, "get", reverse("product", args=[first.slug])),
                    queries(browser, "post", reverse("product_add", args=[first.slug]), {"quantity": 1}),
                )
            )
            for _number in range(5):
                pictured(orders.product())
        few, many = counts
        assert many[0] == few[0] <= 10
        assert many[1] == few[1] <= 8
        assert many[2] <= few[2] <= 12

    def test_a_visitor_who_adds_something_and_sees_the_cart_needs_no_more_than_13(self, visitor_client: Client) -> None:
        first, second = orders.product(), orders.product()
        visitor_client.post(reverse("product_add", args=[first.slug]), {"quantity": 1})
        add = queries(visitor_client, "post", reverse("product_add", args=[second.slug]), {"quantity": 1})
        assert add + queries(visitor_client, "get", reverse("cart")) <= 13

    def test_many_prices_cost_nothing_more(self, visitor_client: Client) -> None:
        product = orders.product()
        before = queries(visitor_client, "get", reverse("shop"))
        for cents in range(100, 110):
            services.set_price(product=product, by=person(Role.ADMINISTRATOR), cents=cents, yearly_fee=0)
        assert Price.objects.count() == 11
        assert queries(visitor_client, "get", reverse("shop")) == before
