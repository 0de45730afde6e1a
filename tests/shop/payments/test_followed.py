"""Notices of the payment service about something that is not ours become tasks for staff."""

import pytest

from shop.orders.models.orders import ShopTask
from shop.payments.gateway.answers import GatewayRefund, RefundStatus
from shop.payments.services import notices

pytestmark = pytest.mark.django_db


def test_a_dispute() -> None:
    notices.follow(kind="charge.dispute.created", object_id="dp_1")
    task = ShopTask.objects.get()
    assert (task.kind, task.about, task.facts) == ("difference", "dp_1", {"kind": "dispute"})


def test_a_refund_of_a_payment_that_nobody_knows() -> None:
    notices.record_refund(GatewayRefund("re_1", "pi_1", RefundStatus.SUCCEEDED, 700))
    task = ShopTask.objects.get()
    assert (task.kind, task.about, task.facts) == ("unknown_object", "re_1", {"cents": 700})
