"""The agency may set the limits of the shop lower than the portal's, and never higher."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from shop.limits import services
from shop.limits.models import ShopLimits
from shop.orders.services import carts, orders as order_services
from shop.rules import CLERK_REFUND_LIMIT, MOST_OF_ONE
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.shop.orders import orders
from tests.shop.orders.orders import SENDING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paper")]


def set_to(**values: int) -> ShopLimits:
    """Set limits as an administrator."""
    return services.change(by=person("administrator"), revision=ShopLimits.current().revision, **values)


def test_a_lower_limit_counts_at_once_for_carts_and_for_what_is_in_them_already() -> None:
    owner, product = business_at(), orders.product()
    orders.tax_rate()
    cart = orders.cart_with(owner, (product, 6))
    set_to(most_of_one=5)
    with pytest.raises(ValidationError, match="at most 5"):
        carts.put(cart=cart, product=product, quantity=6)
    with pytest.raises(ValidationError, match="at most 5"):
        order_services.draft(registrant=owner, cart=cart, by=owner.user, sending=SENDING)
    carts.put(cart=cart, product=product, quantity=5)
    set_to(most_lines=1)
    with pytest.raises(ValidationError, match="at most 1 products"):
        carts.put(cart=cart, product=orders.product(kind="accessory"), quantity=1)


def test_a_clerk_alone_gives_back_only_so_much() -> None:
    payment = orders.paid()
    set_to(clerk_refund_dollars=50)
    assert orders.requested(payment, cents=5_000).needs_second is False
    assert orders.requested(payment, cents=5_001).needs_second is True


def test_no_setting_passes_the_bounds() -> None:
    for name, value in (("most_of_one", MOST_OF_ONE + 1), ("clerk_refund_dollars", CLERK_REFUND_LIMIT // 100 + 1)):
        with pytest.raises(ValidationError):
            set_to(**{name: value})
        with pytest.raises(IntegrityError), transaction.atomic():
            ShopLimits.objects.update(**{name: value})


def test_an_administrator_looks_and_saves_and_reads_the_history(administrator_client: Client) -> None:
    address = reverse("shop_limits")
    written = {"revision": 1, "most_of_one": 10, "most_lines": 20, "clerk_refund_dollars": 100}
    look = administrator_client.post(address, {**written, "step": "look"}).content.decode()
    assert "What would change" in look
    assert ShopLimits.current().most_of_one == MOST_OF_ONE
    administrator_client.post(address, {**written, "step": "save"})
    assert (ShopLimits.current().most_of_one, ShopLimits.current().clerk_refund) == (10, 10_000)
    assert "100" in administrator_client.get(reverse("shop_limits_history")).content.decode()
