"""Refunds by staff, on the pages of clerks: up to the limit alone, beyond it by a second person."""

import pytest
from django.test import Client
from django.urls import reverse

from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import Role
from shop.models import Order, Refund
from shop.services import refunding
from tests.factories import person
from tests.people import sign_in
from tests.shop import orders as made
from tests.shop import parcels

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paper")]


def asks(client: Client, order: Order, dollars: str, reason: str = "Scratched") -> str:
    said = {str(order.lines.get().pk): dollars, "reason": reason}
    return client.post(reverse("order_refund", args=[order.number]), said, follow=True).content.decode()


def test_a_small_one_is_on_its_way_at_once(clerk_client: Client) -> None:
    order = parcels.bought()
    assert "It is on its way" in asks(clerk_client, order, "38.50")
    refund = Refund.objects.get()
    assert (refund.cents, refund.state) == (3_850, "submitted")
    assert refunding.send(pk=refund.pk).state == "succeeded"
    assert "$38.50" in clerk_client.get(reverse("order_refund", args=[order.number])).content.decode()


@pytest.mark.parametrize(("dollars", "reason"), [("385.01", "Scratched"), ("", "Scratched"), ("5", ""), ("-5", "No")])
def test_more_than_was_paid_nothing_and_no_reason_are_refused(clerk_client: Client, dollars: str, reason: str) -> None:
    assert "needs a correction" in asks(clerk_client, parcels.bought(), dollars, reason)
    assert not Refund.objects.exists()


def test_a_large_one_is_sent_by_a_second_person(clerk: User, clerk_client: Client) -> None:
    order = parcels.bought(cores=2)
    page = asks(clerk_client, order, "700")
    assert "a second person sends it" in page
    refund = Refund.objects.get()
    send = reverse("refund_act", args=[order.number, refund.pk, "send"])
    assert clerk_client.post(send).status_code == 403
    assert "Send it" in sign_in(person(Role.CLERK)).get(reverse("order_refund", args=[order.number])).content.decode()
    sign_in(person(Role.CLERK)).post(send)
    refund.refresh_from_db()
    assert (refund.state, refund.clerk) == ("submitted", clerk)


def test_it_is_taken_back_before_it_is_sent(clerk_client: Client) -> None:
    order = parcels.bought(cores=2)
    asks(clerk_client, order, "700")
    refund = Refund.objects.get()
    clerk_client.post(reverse("refund_act", args=[order.number, refund.pk, "cancel"]))
    refund.refresh_from_db()
    assert refund.state == "cancelled"
    assert clerk_client.post(reverse("refund_act", args=[order.number, refund.pk, "burn"])).status_code == 404


def test_what_came_by_check_goes_back_by_check(clerk_client: Client) -> None:
    payment = made.check_payment()
    order = payment.order
    asks(clerk_client, order, "10")
    refund = Refund.objects.get()
    address = reverse("refund_paid_out", args=[order.number, refund.pk])
    clerk_client.post(address, {"check_number": "2201"})
    refund.refresh_from_db()
    assert (refund.state, refund.check_number) == ("succeeded", "2201")


def test_a_refund_of_another_order_is_not_there(clerk_client: Client) -> None:
    order, other = parcels.bought(), parcels.bought()
    asks(clerk_client, order, "10")
    address = reverse("refund_act", args=[other.number, Refund.objects.get().pk, "cancel"])
    assert clerk_client.post(address).status_code == 404


def test_without_a_payment_nothing_can_go_back(clerk_client: Client) -> None:
    order = made.placed()
    assert "Nothing can go back" in asks(clerk_client, order, "10")
    assert not Refund.objects.exists()
