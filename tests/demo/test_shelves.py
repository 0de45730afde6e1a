"""The shop of the demo shows the one tier whose price is known, and a second run adds nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from fusus_portal.demo.data import orders
from integration.cores.services import cores
from shop.catalogue.models import Price, Product, ProductPicture, Stock
from shop.orders.models.orders import TaxRate
from tests.factories import person


@pytest.mark.django_db
def test_the_known_tier_is_on_sale(visitor_client: Client) -> None:
    clerk, administrator = person("clerk"), person("administrator")
    cores.add_model(by=administrator, name="CORE for 4 cameras", name_es="CORE para 4 cámaras", cameras_supported=4)
    for _run in range(2):
        orders.stock_up(clerk=clerk, administrator=administrator)
    page = visitor_client.get(reverse("shop")).content.decode()
    for words in ("Connects up to 4 cameras", "$350.00", "$150.00", "The first year&#x27;s fee is in the price."):
        assert words in page
    counts = [model.objects.count() for model in (Product, Price, ProductPicture, TaxRate)]
    assert (counts, Stock.objects.get().free) == ([1, 1, 1, 2], 5)
