"""Facts that buyers ask for before they buy: kept in both languages, and read beside the picture."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from shop.catalogue import services
from shop.catalogue.forms import FACT_LABELS
from shop.catalogue.models import FACTS, Product
from shop.catalogue.presenters import facts_of
from tests.factories import person
from tests.integration.cores.devices import core_model
from tests.shop.orders import orders

pytestmark = pytest.mark.django_db

SAID = {name: f"{name} here" for fact in FACTS for name in (fact, f"{fact}_es")}


def kept(client: Client, **changes: str) -> dict[str, list[str]]:
    """Add a product as an administrator does; return what is wrong, by field."""
    said = {"kind": "core", "name": "CORE", "name_es": "CORE", "core_model": core_model().pk, "tax_code": "goods"}
    answer = client.post(reverse("catalogue_new"), {**said, **SAID, **changes, "step": "save"})
    return answer.context["form"].errors if answer.status_code == 200 else {}


def test_each_fact_is_asked_for() -> None:
    assert tuple(FACT_LABELS) == FACTS


def test_an_administrator_writes_them_and_visitors_read_them_in_their_language(
    administrator_client: Client, visitor_client: Client
) -> None:
    assert kept(administrator_client) == {}
    product = Product.objects.get()
    services.set_price(product=product, by=person("administrator"), cents=100, yearly_fee=0)
    for language, ending in (("en", ""), ("es", "_es")):
        for address in (reverse("shop"), reverse("product", args=[product.slug])):
            page = visitor_client.get(address, headers={"accept-language": language}).text
            assert all(f"{fact}{ending} here" in page for fact in FACTS)


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("ending", ["", "_es"])
def test_one_language_alone_is_refused_at_the_other(administrator_client: Client, fact: str, ending: str) -> None:
    assert list(kept(administrator_client, **{f"{fact}{ending}": ""})) == [f"{fact}{ending}"]
    product = orders.product()
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(**{fact: "here"})


def test_what_is_sent_ships_free_within_the_days_that_the_shop_holds_to() -> None:
    facts = dict(facts_of(orders.product()))
    assert facts["Delivery"] == "Ships within 30 days."
    assert facts["Shipping"] == "Free. It is in the price."
    assert "As long as it is active" in facts["Warranty"]
    assert "Warranty" not in dict(facts_of(orders.product(kind="accessory", cents=100)))
    assert facts_of(orders.product(kind="service", cents=100)) == []


def test_what_is_known_of_delivery_is_said_with_what_an_administrator_adds() -> None:
    product = orders.product()
    product.delivery, product.delivery_es = "By UPS.", "Por UPS."
    assert dict(facts_of(product))["Delivery"] == "Ships within 30 days. By UPS."
    with override("es"):
        assert facts_of(product)[0][1].endswith("Por UPS.")


def test_one_is_added_to_the_cart_from_the_list(visitor_client: Client) -> None:
    there, gone = orders.product(), orders.product(on_hand=0)
    page = visitor_client.get(reverse("shop")).text
    assert reverse("product_add", args=[there.slug]) in page
    assert page.count("Add to cart") == 1
    assert "Sold out for now" in page.split(gone.name)[1]
    answer = visitor_client.post(reverse("product_add", args=[there.slug]), {"quantity": "1"}, follow=True)
    assert there.name in answer.text
