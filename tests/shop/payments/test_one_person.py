"""Two people stand for each refund, or it is within what one gives back alone: below the price of a CORE.

Over HTTP, by two presses in the same second, and by statements of the application's own role.
"""

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused
from registry.registrants.models import Registrant
from shop.orders.services import orders as order_services
from shop.payments.models import Payment, Refund
from shop.payments.services import payments as payment_services, refunds
from shop.returns.models import Return
from shop.rules import CLERK_REFUND_LIMIT
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.people import sign_in
from tests.shop.orders import orders
from tests.shop.orders.orders import PRICE
from tests.shop.returns.returned import accepted, begun, of_check, snap
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, cores=1, businesses=2)

BEYOND = "beyond what one person gives back alone to one buyer, and in one day"


def inspected_by(clerk: User, client: Client) -> Return:
    """Return a return that one clerk received, inspected and accepted, page by page."""
    back = begun()
    client.post(reverse("return_do", args=[back.pk, "receive"]), {"serial": back.core.serial})
    client.post(reverse("return_inspect", args=[back.pk]), {"note": "Fine", "picture": snap()})
    client.post(reverse("return_press", args=[back.pk, "accept"]))
    back.refresh_from_db()
    assert (back.state, back.inspected_by) == ("accepted", clerk)
    return back


def gives(payment: Payment, cents: int, by: User) -> Refund:
    """Let a clerk ask for a refund and send it."""
    return refunds.submit(refund=orders.requested(payment, cents=cents, by=by), by=by)


def paid_by(owner: Registrant | None = None, *, cents: int = 90_000) -> Payment:
    """Return the payment of a business, for one CORE."""
    draft = orders.drafted(owner=owner, things=((orders.product(cents=cents), 1),))
    return orders.paid(orders.placed(draft))


class TestReturns:
    def test_one_clerk_alone_does_not_pay_what_they_inspected(self, clerk: User, clerk_client: Client) -> None:
        back = inspected_by(clerk, clerk_client)
        assert clerk_client.post(reverse("return_pay", args=[back.pk])).status_code == 403
        assert "You inspected this CORE" in clerk_client.get(reverse("return_pay", args=[back.pk])).text
        assert not Refund.objects.exists()

    def test_nor_sends_the_check_for_it(self) -> None:
        back = of_check()
        assert back.inspected_by is not None
        with pytest.raises(Refused, match="You inspected this CORE"):
            refunds.pay_out(refund=back.refunds.get(), by=back.inspected_by, check_number="2041")

    @pytest.mark.parametrize("role", ["clerk", "administrator"])
    def test_another_clerk_or_an_administrator_does(self, clerk: User, clerk_client: Client, role: str) -> None:
        back = inspected_by(clerk, clerk_client)
        browser = sign_in(person(role))
        assert reverse("return_pay", args=[back.pk]) in browser.get(reverse("refunds_waiting")).text
        page = browser.get(reverse("return_pay", args=[back.pk])).text
        for words in (
            f"goes back to {back.order.party}",
            "to the card that it was paid with",
            "can&#x27;t be undone",
        ):
            assert words in page
        for _press in range(2):
            assert browser.post(reverse("return_pay", args=[back.pk]), follow=True).status_code == 200
        refund = Refund.objects.get()
        assert (refund.state, refund.cents) == ("submitted", back.refund)

    def test_nor_do_they_write_its_check(self) -> None:
        back = of_check()
        assert back.inspected_by is not None
        with pytest.raises(Refused, match="You inspected this CORE"):
            refunds.pay_out(refund=back.refunds.get(), by=back.inspected_by, check_number="2041")

    def test_the_database_refuses_it_too(self, clerk: User) -> None:
        back = accepted()
        Return.objects.filter(pk=back.pk).update(state="refunding")
        payment = Payment.objects.get()
        row = {"payment": payment, "cents": 100, "source": "return", "of_return": back}
        for column in ({"clerk": back.inspected_by}, {}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Refund.objects.create(**row, **column)
        refund = Refund.objects.create(**row, clerk=clerk)
        refunds.record_lines(refund=refund, order=back.order, actor=clerk.actor, parts=[(back.line, 100)])
        columns = {"state": "submitted", "submitted_at": timezone.now()}
        for second in (back.inspected_by, None):
            with pytest.raises(IntegrityError), transaction.atomic():
                Refund.objects.filter(pk=refund.pk).update(**columns, second=second)
        with pytest.raises(IntegrityError), transaction.atomic():
            Return.objects.filter(pk=back.pk).update(inspected_by=clerk)
        Refund.objects.filter(pk=refund.pk).update(**columns, second=person(Role.ADMINISTRATOR))


class TestBound:
    def test_it_is_below_the_price_of_the_core_that_is_sold(self) -> None:
        assert CLERK_REFUND_LIMIT < PRICE

    def test_small_refunds_to_one_buyer_count_together_over_orders_and_days(self, clerk: User) -> None:
        owner = business_at()
        first, second = paid_by(owner), paid_by(owner)
        gives(first, 20_000, clerk)
        with time_machine.travel(timezone.now() + timedelta(days=40)):
            assert orders.requested(second, cents=10_001, by=clerk).needs_second
            assert gives(second, 10_000, clerk).state == "submitted"

    def test_small_refunds_of_one_day_count_together_over_buyers(self, clerk: User) -> None:
        gives(paid_by(), 20_000, clerk)
        other = paid_by()
        assert orders.requested(other, cents=10_001, by=clerk).needs_second
        with time_machine.travel(timezone.now() + timedelta(hours=25)):
            assert gives(other, 20_000, clerk).state == "submitted"

    def test_it_is_always_less_than_a_core_of_the_order_cost(self, clerk: User) -> None:
        payment = paid_by(cents=25_000)
        assert orders.requested(payment, cents=25_000, by=clerk).needs_second
        assert not orders.requested(paid_by(cents=25_000), cents=24_999, by=clerk).needs_second

    def test_a_refusal_names_what_one_person_gives_back_of_this_order(self, clerk: User) -> None:
        asked = orders.requested(paid_by(cents=25_000), cents=25_000, by=clerk)
        with pytest.raises(Refused, match=r"\$249\.99"):
            refunds.submit(refund=asked, by=clerk)

    def test_what_another_person_sends_is_nobodys_alone(self, clerk: User) -> None:
        payment = paid_by()
        asked = orders.requested(payment, cents=80_000, by=clerk)
        refunds.submit(refund=asked, by=person(Role.ADMINISTRATOR))
        assert gives(payment, 1_000, clerk).state == "submitted"

    def test_one_that_was_within_the_bound_when_it_was_asked_for_is_counted_when_it_is_sent(self, clerk: User) -> None:
        with time_machine.travel(timezone.now() - timedelta(days=2)):
            early = orders.requested(paid_by(), cents=20_000, by=clerk)
        gives(paid_by(), 20_000, clerk)
        with pytest.raises(Refused, match=BEYOND):
            refunds.submit(refund=early, by=clerk)
        assert refunds.submit(refund=early, by=person(Role.ADMINISTRATOR)).state == "submitted"


class TestChecks:
    def canceled(self, clerk: User) -> Refund:
        """Return what goes back of an order that a clerk said was paid by check, and canceled."""
        order = order_services.approve_purchase_order(purchase_order=orders.submitted(), by=clerk).order
        today = timezone.localdate()
        payment_services.receive_check(order=order, by=clerk, number="1017", cents=order.total, received_on=today)
        order_services.cancel(order=order, by=clerk)
        return Refund.objects.get()

    def test_who_recorded_a_check_does_not_pay_it_back_alone(self, clerk: User, clerk_client: Client) -> None:
        refund = self.canceled(clerk)
        send = reverse("refund_send", args=[refund.pk])
        assert BEYOND in clerk_client.get(send).text
        assert clerk_client.post(send).status_code == 403
        assert sign_in(person(Role.ADMINISTRATOR)).post(send).status_code == 302
        refund.refresh_from_db()
        assert refund.state == "submitted"

    def test_the_database_counts_it_too(self, clerk: User) -> None:
        refund = self.canceled(clerk)
        columns = {"state": "submitted", "submitted_at": timezone.now()}
        with pytest.raises(IntegrityError), transaction.atomic():
            Refund.objects.filter(pk=refund.pk).update(**columns, second=clerk)
        Refund.objects.filter(pk=refund.pk).update(**columns, second=person(Role.CLERK))


def run(statement: str, *values: str | UUID) -> None:
    """Run a statement as the application."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_statement_of_the_application_sends_no_more_for_one_person(clerk: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        asked = orders.requested(paid_by(), cents=20_000, by=clerk)
    gives(paid_by(), 20_000, clerk)
    send = "UPDATE shop_refund SET state = 'submitted', submitted_at = now(), second_id = %s WHERE id = %s"
    with pytest.raises(IntegrityError, match="one person alone"):
        run(send, clerk.pk, asked.pk)
    with pytest.raises(IntegrityError, match="refund_sent_by_somebody"):
        run("UPDATE shop_refund SET state = 'submitted', submitted_at = now() WHERE id = %s", asked.pk)
    with pytest.raises(IntegrityError):
        run("UPDATE shop_shoplimits SET clerk_refund_dollars = 385")
    run(send, person(Role.ADMINISTRATOR).pk, asked.pk)


@pytest.mark.parametrize("source", ["cancellation", "staff", "return"])
def test_no_statement_makes_a_press_look_like_a_repayment_of_the_portal(source: str) -> None:
    payment = paid_by()
    with pytest.raises(IntegrityError):
        run(
            "INSERT INTO shop_refund (id, payment_id, state, source, cents, reason, gateway_id, check_number, failure, "
            "requested_at, needs_second) "
            "VALUES (gen_random_uuid(), %s, 'requested', %s, 100, 'x', '', '', '', now(), false)",
            payment.pk,
            source,
        )
