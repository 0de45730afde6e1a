"""The bounds of the shop's clocks: what happens at the very second or day, and what one beside it."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from shop.books import services as books
from shop.books.models import Reminder
from shop.connections.models import CardOnFile
from shop.connections.services import cards, years
from shop.orders.models.orders import ExemptionCertificate, Order, TaxRate
from shop.orders.services import orders as order_services, taxes
from shop.payments.gateway.answers import Session, SessionStatus
from shop.payments.services import payments, refunds
from shop.rules import RETRY_AFTER, SESSION_LIFE
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.shop.connections.renewed import MONTH, announced, on_day, order_core, owing
from tests.shop.orders import orders
from tests.shop.orders.orders import BACK, buyer_of, gateway
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, cores=1)

NOON = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())
TODAY = NOON.date()
NONE, SECOND, DAY = timedelta(), timedelta(seconds=1), timedelta(days=1)


@pytest.mark.parametrize(("early", "expired"), [(SECOND, 0), (NONE, 1)])
def test_an_order_expires_at_the_second_until_which_its_stock_is_held(early: timedelta, expired: int) -> None:
    order = orders.placed()
    assert order.reserved_until is not None
    with time_machine.travel(order.reserved_until - early, tick=False):
        assert order_services.expire_due() == expired


@pytest.mark.parametrize(("early", "pages"), [(SECOND, 1), (NONE, 2)])
def test_a_page_is_used_again_until_its_time_is_over(early: timedelta, pages: int) -> None:
    attempt = orders.opened()
    with time_machine.travel(attempt.expires_at - early, tick=False):
        again = payments.begin_attempt(order=attempt.order, by=buyer_of(attempt.order), return_to=BACK, keeps=True)
        assert again.expires_at == (attempt.expires_at if pages == 1 else timezone.now() + SESSION_LIFE)
    assert attempt.order.attempts.count() == pages


@pytest.mark.parametrize(("early", "state"), [(SECOND, "created"), (NONE, "failed")])
def test_an_attempt_without_a_page_is_given_up_when_its_time_is_over(early: timedelta, state: str) -> None:
    attempt = orders.attempt_at("created")
    with time_machine.travel(attempt.expires_at - early, tick=False):
        assert payments.give_up(attempt=attempt).state == state


@pytest.mark.parametrize(("early", "charged"), [(SECOND, 0), (NONE, 1)])
def test_a_card_is_charged_once_nobody_can_pay_on_a_page_any_more(early: timedelta, charged: int) -> None:
    order = announced()
    with on_day(order_core(order), 0):
        page = payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK, keeps=True)
    with time_machine.travel(page.expires_at - early, tick=False):
        assert cards.charge_due() == charged
        charges = order.attempts.exclude(card="").values_list("expires_at", flat=True)
        assert list(charges) == charged * [timezone.now() + SESSION_LIFE]


@pytest.mark.parametrize(("under_way", "stopped"), [("page", 0), ("charge", 0), ("", 1)])
def test_a_year_whose_payment_is_under_way_does_not_lapse(under_way: str, stopped: int) -> None:
    order = owing()
    with on_day(order_core(order), MONTH):
        if under_way == "page":
            page = payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK, keeps=True)
            gateway().process(page.session_id)
            payments.settle(attempt=page)
        elif under_way == "charge":
            gateway().before["create_intent"] = [orders.unknown()]
            cards.charge_due()
        assert years.lapse_due() == stopped


@pytest.mark.parametrize(("early", "calls"), [(SECOND, 1), (NONE, 2)])
def test_a_refund_without_an_answer_is_made_anew_after_its_pause(early: timedelta, calls: int) -> None:
    refund = orders.refund_at("submitted")
    gateway().before["create_refund"] = [orders.unknown()]
    refunds.send_due()
    refund.refresh_from_db()
    assert refund.tried_at is not None
    with time_machine.travel(refund.tried_at + RETRY_AFTER - early, tick=False):
        refunds.send_due()
    assert gateway().calls.count("create_refund") == calls


@pytest.mark.parametrize(("later", "method"), [(-SECOND, "pm_1"), (NONE, "pm_2"), (SECOND, "pm_2")])
def test_a_card_gives_way_to_one_that_was_left_no_earlier(later: timedelta, method: str) -> None:
    owner = business_at()
    for card, left_at in (("pm_1", NOON), ("pm_2", NOON + later)):
        page = Session("cs_1", SessionStatus.COMPLETE, paid=False, amount=None, currency="", customer="cus_1")
        cards.keep(registrant=owner, answer=page, method=card, left_at=left_at)
    assert CardOnFile.objects.get(registrant=owner).method == method


@pytest.mark.parametrize(("valid_until", "holds"), [(TODAY - DAY, False), (TODAY, True)])
def test_a_certificate_holds_on_its_last_day(valid_until: date, holds: bool) -> None:
    with time_machine.travel(NOON, tick=False):
        like = Order(exemption=ExemptionCertificate(valid_until=valid_until))
        assert years._still_holds(like) is holds


@pytest.mark.parametrize("later", [-DAY, NONE])
def test_a_rate_that_ends_may_end_earlier(later: timedelta) -> None:
    rate, by = orders.tax_rate(), person("administrator")
    taxes.end(rate=rate, by=by, ends_on=TODAY)
    assert taxes.end(rate=rate, by=by, ends_on=TODAY + later).ends_on == TODAY + later


def test_a_rate_that_ends_does_not_end_later() -> None:
    rate, by = orders.tax_rate(), person("administrator")
    taxes.end(rate=rate, by=by, ends_on=TODAY)
    with pytest.raises(ValidationError, match="not later than before"):
        taxes.end(rate=rate, by=by, ends_on=TODAY + DAY)
    assert TaxRate.objects.get().ends_on == TODAY


@pytest.mark.parametrize(("left", "written"), [(1, True), (0, False)])
def test_a_reminder_is_written_for_a_cent_and_not_for_what_was_paid_just_now(left: int, written: bool) -> None:
    order = orders.order_at("on_account")
    invoice = order.invoices.get()
    orders.check_payment(order, cents=order.total - left)
    assert invoice.due_on is not None
    assert books._of_invoice(invoice.pk, order.pk, invoice.due_on + DAY) is written
    assert Reminder.objects.exists() is written
