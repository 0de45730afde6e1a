"""Refunds by staff, on the pages of clerks: up to the limit alone, beyond it by a second person."""

from functools import partial
from uuid import uuid4

import pytest
from celery import current_app
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from shop.orders.models.orders import Order
from shop.orders.services import orders as order_services
from shop.payments import tasks
from shop.payments.models import Refund
from shop.payments.services import refunds
from shop.payments.states import RefundState
from tests.factories import person
from tests.people import sign_in
from tests.shop.orders import orders
from tests.shop.parcels import parcels
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, payments=1, businesses=1, products=1)


def written(order: Order, dollars: str, reason: str = "Scratched") -> dict[str, object]:
    return {str(order.lines.get().pk): dollars, "reason": reason, "key": uuid4()}


def asks(client: Client, order: Order, dollars: str, reason: str = "Scratched") -> str:
    said = {**written(order, dollars, reason), "step": "save"}
    return client.post(reverse("order_refund", args=[order.number]), said, follow=True).text


def workers_send() -> None:
    """Let workers send each refund that they were told of."""
    with current_app.connection_for_read() as workers:
        queue = workers.SimpleQueue(settings.MESSAGE_QUEUE)
        told = [queue.get_nowait() for _number in range(queue.qsize())]
    for each in told:
        if each.headers["task"] == tasks.send_refund.name:
            assert tasks.send_refund(*each.payload[0])


@pytest.mark.usefixtures("own_valkey")
def test_a_small_one_is_on_its_way_at_once(
    clerk_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    order = parcels.bought()
    with django_capture_on_commit_callbacks(execute=True):
        assert "It is on its way" in asks(clerk_client, order, "38.50")
    refund = Refund.objects.get()
    assert (refund.cents, refund.state) == (3_850, "submitted")
    workers_send()
    refund.refresh_from_db()
    assert refund.state == "succeeded"
    assert "$38.50" in clerk_client.get(reverse("order_refund", args=[order.number])).content.decode()


@pytest.mark.usefixtures("own_valkey")
def test_what_a_canceled_order_gives_back_is_on_its_way_at_once(
    clerk_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    order = parcels.bought()
    with django_capture_on_commit_callbacks(execute=True):
        order_services.cancel(order=order, by=orders.buyer_of(order))
    workers_send()
    assert Refund.objects.get().state == "succeeded"
    page = clerk_client.get(reverse("order_refund", args=[order.number])).text
    assert "$385.00 · The order was canceled" in page


@pytest.mark.parametrize(("dollars", "reason"), [("385.01", "Scratched"), ("", "Scratched"), ("5", ""), ("-5", "No")])
def test_more_than_was_paid_nothing_and_no_reason_are_refused(clerk_client: Client, dollars: str, reason: str) -> None:
    assert "Please check what you typed" in asks(clerk_client, parcels.bought(), dollars, reason)
    assert not Refund.objects.exists()


def test_a_large_one_is_sent_by_a_second_person(clerk: User, clerk_client: Client) -> None:
    order = parcels.bought(cores=2)
    page = asks(clerk_client, order, "700")
    assert "Another person sends it" in page
    refund = Refund.objects.get()
    send = reverse("refund_send", args=[refund.pk])
    assert clerk_client.post(send).status_code == 403
    assert "Another person sends it" in clerk_client.get(send).text
    second = sign_in(person(Role.CLERK))
    assert send in second.get(reverse("order_refund", args=[order.number])).text
    look = second.get(send).text
    assert "$700.00 goes back to" in look
    assert "Scratched" in look
    for _press in range(2):
        assert second.post(send, follow=True).status_code == 200
    refund.refresh_from_db()
    assert (refund.state, refund.clerk) == ("submitted", clerk)


def test_it_is_taken_back_before_it_is_sent(clerk_client: Client) -> None:
    order = parcels.bought(cores=2)
    asks(clerk_client, order, "700")
    refund = Refund.objects.get()
    take_back = reverse("refund_cancel", args=[refund.pk])
    assert "nothing is refunded" in clerk_client.get(take_back).text
    clerk_client.post(take_back)
    refund.refresh_from_db()
    assert refund.state == "cancelled"


def test_what_came_by_check_goes_back_by_check(clerk_client: Client) -> None:
    payment = orders.check_payment()
    order = payment.order
    asks(clerk_client, order, "10")
    refund = Refund.objects.get()
    address = reverse("refund_check", args=[refund.pk])
    assert address in clerk_client.get(reverse("refunds_waiting")).text
    assert clerk_client.post(address, {"check_number": ""}).status_code == 422
    clerk_client.post(address, {"check_number": "2201"})
    refund.refresh_from_db()
    assert (refund.state, refund.check_number) == ("succeeded", "2201")


def test_it_is_looked_at_before_it_counts_and_back_changes_nothing(clerk_client: Client) -> None:
    order = parcels.bought()
    said = written(order, "38.50")
    address = reverse("order_refund", args=[order.number])
    look = clerk_client.post(address, said).text
    to = f"$38.50 goes back to {order.party}"
    for words in ("Give this money back?", to, "to the card that it was paid with", "Goes back", "Scratched"):
        assert words in look
    back = clerk_client.post(address, {**said, "step": "fill-in"}).text
    assert 'value="38.50"' in back
    assert not Refund.objects.exists()


def test_two_presses_and_a_reload_give_back_once(clerk_client: Client) -> None:
    order = parcels.bought()
    said = {**written(order, "38.50"), "step": "save"}
    for _press in range(3):
        page = clerk_client.post(reverse("order_refund", args=[order.number]), said, follow=True).text
        assert "It is on its way" in page
    assert Refund.objects.get().cents == 3_850


def test_without_a_payment_nothing_can_go_back(clerk_client: Client) -> None:
    order = orders.placed()
    assert "Nothing can go back" in asks(clerk_client, order, "10")
    assert not Refund.objects.exists()
    given_back = orders.requested(cents=38_500).payment.order
    assert "Nothing can go back" in clerk_client.get(reverse("order_refund", args=[given_back.number])).text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("requested", "To be sent by a person"),
        ("submitted", "At the payment service, no answer yet"),
        ("pending", "On its way to the card"),
        ("succeeded", "Back on the card"),
        ("failed", "Did not arrive: give it back again"),
        ("cancelled", "Taken back before it was sent"),
    ],
)
def test_a_clerk_reads_how_far_a_refund_is_in_their_own_words(clerk_client: Client, state: str, words: str) -> None:
    refund = orders.refund_at(state)
    page = clerk_client.get(reverse("order_refund", args=[refund.payment.order.number])).text
    assert words in page
    assert str(RefundState(state).label) not in page.split("What was given back")[1].split("</ul>")[0].replace(
        words, ""
    )
    assert "just now</time>" in page


def test_a_check_is_written_by_a_person_and_not_by_the_payment_service(clerk_client: Client) -> None:
    payment = orders.check_payment()
    refund = refunds.submit(refund=orders.requested(payment), by=person(Role.CLERK))
    page = clerk_client.get(reverse("refunds_waiting")).text
    assert refund.state == "submitted"
    assert "By check, to be written" in page
    assert "payment service" not in page
