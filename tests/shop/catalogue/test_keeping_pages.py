"""Pages on which administrators keep products, prices, discounts, stock, pictures and tax rates."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from audit.log.events import Event
from audit.log.models import AuditEntry
from shop.catalogue.models import Price, Product, Stock, StockMovement
from shop.catalogue.selectors import price_of
from shop.orders.models.orders import TaxRate
from tests.integration.cores.devices import core_model
from tests.shop.orders import orders
from tests.shop.parcels import parcels

pytestmark = pytest.mark.django_db


def described(**changes: Any) -> dict[str, Any]:
    model = core_model()
    form = {
        "kind": "core",
        "name": "CORE of four",
        "name_es": "CORE de cuatro",
        "text": "For a small shop.",
        "text_es": "Para una tienda pequeña.",
        "core_model": model.pk,
        "first_year_included": "on",
        "tax_code": "goods",
    }
    return form | changes


def page_of(client: Client, product: Product) -> str:
    return client.get(reverse("catalogue_product", args=[product.pk])).content.decode()


class TestProduct:
    def test_it_is_looked_at_before_it_counts_and_sold_once_it_has_a_price(
        self, administrator_client: Client, visitor_client: Client
    ) -> None:
        said = described()
        page = administrator_client.post(reverse("catalogue_new"), {**said, "step": "look"}).content.decode()
        assert "Connects up to 4 cameras" in page
        assert "$" not in page
        assert not Product.objects.exists()
        answer = administrator_client.post(reverse("catalogue_new"), {**said, "step": "save"})
        product = Product.objects.get()
        assert answer["Location"] == reverse("catalogue_product", args=[product.pk])
        assert product.name not in visitor_client.get(reverse("shop")).content.decode()
        price = {"cents": "350", "yearly_fee": "150.00"}
        administrator_client.post(reverse("catalogue_price", args=[product.pk]), price)
        assert "$350.00" in visitor_client.get(reverse("product", args=[product.slug])).content.decode()

    def test_what_is_wrong_is_said_at_its_field(self, administrator_client: Client) -> None:
        orders.product()
        said = {**described(core_model="", name=Product.objects.get().name), "step": "save"}
        page = administrator_client.post(reverse("catalogue_new"), said).content.decode()
        assert "usa-error-message" in page
        assert Product.objects.count() == 1

    def test_it_is_changed_after_a_look(self, administrator_client: Client) -> None:
        product = orders.product()
        said = described(name="CORE of five", core_model=product.core_model_id)
        del said["kind"]
        address = reverse("catalogue_change", args=[product.pk])
        page = administrator_client.post(address, {**said, "step": "look"}).content.decode()
        assert "CORE of five" in page
        assert "$350.00" in page
        product.refresh_from_db()
        assert product.name != "CORE of five"
        administrator_client.post(address, {**said, "step": "save"})
        product.refresh_from_db()
        assert product.name == "CORE of five"

    def test_it_is_taken_out_and_offered_again(self, administrator_client: Client, visitor_client: Client) -> None:
        product = orders.product()
        for act, status in (("retire", 404), ("offer", 200)):
            administrator_client.post(reverse("catalogue_act", args=[product.pk, act]))
            assert visitor_client.get(reverse("product", args=[product.slug])).status_code == status
        assert administrator_client.post(reverse("catalogue_act", args=[product.pk, "burn"])).status_code == 404


class TestPrice:
    def test_its_history_stays_and_one_to_come_counts_later(self, administrator_client: Client) -> None:
        product = orders.product()
        later = timezone.localtime() + timedelta(days=3)
        said = {"cents": "400", "yearly_fee": "160", "starts_at": later.strftime("%Y-%m-%dT%H:%M")}
        page = administrator_client.post(reverse("catalogue_price", args=[product.pk]), said, follow=True)
        for words in ("$350.00, $150.00 a year", "$400.00, $160.00 a year"):
            assert words in page.content.decode()
        assert (Price.objects.count(), price_of(product).cents) == (2, 35_000)  # type: ignore[union-attr]

    @pytest.mark.parametrize(("cents", "fee"), [("0", "0"), ("-1", "0"), ("1000000", "0"), ("1", "-5"), ("free", "0")])
    def test_one_that_can_t_be_is_refused(self, administrator_client: Client, cents: str, fee: str) -> None:
        product = orders.product()
        said = {"cents": cents, "yearly_fee": fee}
        answer = administrator_client.post(reverse("catalogue_price", args=[product.pk]), said)
        assert answer.status_code == 422
        assert Price.objects.count() == 1


class TestStock:
    def test_what_happened_is_written_down(self, administrator_client: Client) -> None:
        product = orders.product()
        said = {"kind": "corrected", "change": "-3", "note": "Counted anew"}
        page = administrator_client.post(reverse("catalogue_stock", args=[product.pk]), said, follow=True)
        assert "7 left" in page.content.decode()
        assert "-3 · Counted anew" in page.content.decode()

    @pytest.mark.usefixtures("paper")
    def test_what_was_sent_names_its_order_and_who_sent_it(self, administrator_client: Client) -> None:
        order = parcels.handed_over().order
        movement = order.movements.get()
        page = page_of(administrator_client, movement.stock.product)
        assert f"-1 · {order.number}" in page
        assert movement.staff is not None
        assert movement.staff.pseudonym in page

    def test_what_is_sold_can_t_be_counted_away(self, administrator_client: Client) -> None:
        product = orders.product(on_hand=2)
        orders.placed(orders.drafted(things=((product, 1),)))
        said = {"kind": "scrapped", "change": "-2", "note": "Fell"}
        answer = administrator_client.post(reverse("catalogue_stock", args=[product.pk]), said)
        assert "Only 1 are free" in answer.content.decode()
        assert answer.content.count(b"usa-alert--error") == 1
        assert Stock.objects.get().on_hand == 2


class TestClerksStock:
    def test_a_clerk_writes_down_what_happened_and_the_log_names_them(self, clerk_client: Client) -> None:
        product = orders.product(on_hand=10)
        address = reverse("fulfilment_stock", args=[product.pk])
        assert address in clerk_client.get(reverse("fulfilment")).content.decode()
        said = {"kind": "scrapped", "change": "-3", "note": "Fell down"}
        page = clerk_client.post(address, said, follow=True).content.decode()
        assert "7 left" in page
        assert "-3 · Fell down" in page
        movement = StockMovement.objects.get(note="Fell down")
        entry = AuditEntry.objects.filter(event=Event.STOCK_CHANGED, subject_id=str(product.pk)).latest("pk")
        assert (entry.actor_id, entry.facts["change"]) == (str(movement.staff_id), -3)

    def test_fewer_without_a_reason_is_refused(self, clerk_client: Client) -> None:
        product = orders.product(on_hand=10)
        said = {"kind": "corrected", "change": "-3", "note": " "}
        answer = clerk_client.post(reverse("fulfilment_stock", args=[product.pk]), said)
        assert (answer.status_code, answer.content.count(b"usa-alert--error")) == (422, 1)
        assert Stock.objects.get().on_hand == 10

    def test_what_has_no_stock_has_no_page(self, clerk_client: Client) -> None:
        product = orders.product(kind="service")
        assert clerk_client.get(reverse("fulfilment_stock", args=[product.pk])).status_code == 404


class TestPicture:
    def test_it_is_added_and_removed(self, administrator_client: Client) -> None:
        product = orders.product()
        drawn = BytesIO()
        Image.new("RGB", (900, 600), "navy").save(drawn, "JPEG")
        said = {"alternative": "A CORE", "alternative_es": "Un CORE"}
        said_with = {**said, "picture": SimpleUploadedFile("core.jpg", drawn.getvalue())}
        administrator_client.post(reverse("catalogue_picture", args=[product.pk]), said_with)
        picture = product.pictures.get()
        assert 'alt="A CORE"' in page_of(administrator_client, product)
        administrator_client.post(reverse("catalogue_picture_remove", args=[product.pk, picture.pk]))
        assert not product.pictures.exists()

    def test_what_is_no_picture_is_refused(self, administrator_client: Client) -> None:
        product = orders.product()
        said = {"alternative": "A", "alternative_es": "B", "picture": SimpleUploadedFile("a.jpg", b"<script>")}
        answer = administrator_client.post(reverse("catalogue_picture", args=[product.pk]), said)
        assert "not a picture that can be read" in answer.content.decode()
        assert not product.pictures.exists()


def test_a_discount_begins_and_ends(administrator_client: Client) -> None:
    product = orders.product()
    said = {"from_quantity": "5", "basis_points": "7.5"}
    page = administrator_client.post(reverse("catalogue_discount", args=[product.pk]), said, follow=True)
    assert "7.5 % off if you buy 5 or more" in page.content.decode()
    discount = product.discounts.get()
    administrator_client.post(reverse("catalogue_discount_end", args=[product.pk, discount.pk]))
    assert "less from 5 pieces" not in page_of(administrator_client, product)


class TestTax:
    def test_a_rate_is_added_and_ends(self, administrator_client: Client) -> None:
        said = {"state_code": "AL", "tax_code": "goods", "basis_points": "9.25", "starts_on": "2026-01-01"}
        page = administrator_client.post(reverse("tax_rates"), said, follow=True).content.decode()
        assert "9.25 %" in page
        rate = TaxRate.objects.get()
        administrator_client.post(reverse("tax_rate_end", args=[rate.pk]), {"ends_on": "2027-01-01"})
        rate.refresh_from_db()
        assert str(rate.ends_on) == "2027-01-01"

    def test_two_of_one_place_and_time_are_refused(self, administrator_client: Client) -> None:
        orders.tax_rate()
        said = {"state_code": "AL", "tax_code": "goods", "basis_points": "5", "starts_on": "2026-01-01"}
        assert "End that one first" in administrator_client.post(reverse("tax_rates"), said).content.decode()
        assert TaxRate.objects.count() == 1


def test_a_product_never_takes_the_address_of_a_page(administrator_client: Client, visitor_client: Client) -> None:
    administrator_client.post(reverse("catalogue_new"), {**described(name="Cart"), "step": "save"})
    product = Product.objects.get()
    administrator_client.post(reverse("catalogue_price", args=[product.pk]), {"cents": "1", "yearly_fee": "0"})
    assert "Your cart is empty" in visitor_client.get("/shop/cart/").content.decode()
    assert "Add to cart" not in visitor_client.get("/shop/cart/").content.decode()
    assert visitor_client.get(reverse("product", args=[product.slug])).status_code == 200
