"""The demo's orders: each stands at another step, by the services, and a second run adds none."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.demo.data import orders
from integration.cores.services import cores
from registry.places.models import Confirmation, ConfirmedBy
from shop.books.policies import Period
from shop.books.selectors import sums_of
from shop.catalogue.models import Stock
from shop.orders.models.orders import Order
from shop.returns.models import Return
from tests.factories import person
from tests.integration.cores.devices import business_at


@pytest.mark.django_db
def test_each_board_of_the_shop_has_something_on_it(clerk_client: Client) -> None:
    clerk, administrator = person("clerk"), person("administrator")
    cores.add_model(by=administrator, name="CORE for 4 cameras", cameras_supported=4)
    orders.stock_up(clerk=clerk, administrator=administrator)
    owner = business_at()
    for _run in range(2):
        orders.tell_orders(clerk=clerk, owner=owner)
    states = Order.objects.order_by("placed_at").values_list("state", flat=True)
    assert list(states) == ["awaiting_approval", "on_account", "on_account", "shipped", "completed"]
    assert Order.objects.get(registrant=owner).state == "shipped"
    assert Return.objects.get().state == "approved"
    assert Confirmation.objects.get(way=ConfirmedBy.CARD).premises.street == orders.TO_PICK.home
    assert Stock.objects.get().free == 5
    board = clerk_client.get(reverse("fulfilment")).content.decode()
    waiting = Order.objects.exclude(state="completed").values_list("number", flat=True)
    assert [number for number in waiting if number not in board] == []
    today = timezone.localdate()
    assert sums_of(Period(today, today)).came_in == Order.objects.get(state="completed").total
