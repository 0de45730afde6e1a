"""Money that waits is on the start pages of those who may send it, and they are told; the asker is not."""

import pytest

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist.selectors import waiting_for
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.shop.orders import orders
from tests.shop.returns.returned import accepted, begun, doubtful, received, refunded_in_part
from tests.worklist.telling import told_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paper")]


def waiting(user: User) -> list[str]:
    return [item.text for item in waiting_for(user)]


def test_a_return_waits_to_be_checked_and_its_money_for_another_person_than_who_inspected_it(clerk: User) -> None:
    asked = doubtful()
    back = accepted()
    inspector = back.inspected_by
    assert inspector is not None
    assert f"Return · {asked.number}" in waiting(clerk)
    assert f"Money for a return · {back.number}" in waiting(clerk)
    assert f"Money for a return · {back.number}" not in waiting(inspector)
    assert clerk.email in told_now()


def test_a_return_with_nothing_left_to_refund_waits_to_be_closed(clerk: User) -> None:
    back = accepted(received(begun(refunded_in_part(38_500))))
    found = [(str(item.tag), item.text) for item in waiting_for(clerk) if back.number in item.text]
    assert found == [("To close", f"Return · {back.number}")]


def test_a_large_refund_waits_for_another_clerk_and_the_asker_is_not_told(clerk: User) -> None:
    payment = orders.paid(
        orders.placed(orders.drafted(owner=business_at(), things=((orders.product(cents=90_000), 1),)))
    )
    refund = orders.requested(payment, cents=50_000, by=clerk)
    assert refund.needs_second
    other = person("clerk")
    text = f"Refund of $500.00 · {payment.order.number}"
    assert text in waiting(other)
    assert text not in waiting(clerk)
    found = told_now()
    assert other.email in found
    assert clerk.email not in found
