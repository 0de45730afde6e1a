"""Sentences about further years: how each is paid, what comes next, and what is owed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from integration.cores.models import Core
from shop.catalogue.models import Product
from shop.connections import selectors
from shop.connections.models import CardOnFile, Subscription, Term
from shop.connections.presenters import SubscriptionCard, YearCard, YearPage, card_facts, owing_cells
from shop.connections.selectors import unused_fee, year_ends_on
from shop.connections.states import SubscriptionState
from shop.orders.models.orders import Order, OrderLine
from shop.orders.states import OrderState
from shop.payments.models import PaymentAttempt
from shop.payments.states import AttemptState
from tests.shop.connections.renewed import of, order_core, owing
from tests.unsaved import beside

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())
TODAY = NOW.date()
YEAR, A_DAY = timedelta(days=365), timedelta(days=1)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def order_of(*attempts: PaymentAttempt, **columns: Any) -> Order:
    """Return the order of a further year, which is not saved."""
    order = Order(**{"number": "O-1", "state": "awaiting_payment", "total": 165_00, "placed_at": NOW, **columns})
    if attempts:
        beside(order, attempts=list(attempts))
    return beside(order, lines=[OrderLine(pk=order.pk)])


def connection_of(*orders: Order, fee: int = 150_00, ends: date = TODAY, **columns: Any) -> Subscription:
    """Return a connection that is not saved. fee: the price of a further year. ends: its paid year."""
    bought = Order(party="Acme", ship_state="AL", ship_zip="35203")
    line = OrderLine(yearly_fee=fee, product=Product(tax_code="goods"), order=bought)
    connection = Subscription(pk=1, core=Core(), line=line, **{"state": "active", **columns})
    term = Term(starts_on=ends - YEAR, ends_on=ends, fee=fee, refunded=0, line=line)
    return beside(connection, renewals=list(orders), terms=[term])


def year_of(order: Order, **columns: Any) -> YearPage:
    year = YearPage(order)
    year.__dict__["subscription"] = connection_of(order, **columns)
    return year


@pytest.mark.parametrize("state", SubscriptionState)
def test_a_year_comes_that_costs_something(state: SubscriptionState) -> None:
    goes_on = state in ("active", "past_due")
    assert YearCard(connection_of(state=state)).is_renewed is goes_on
    assert not YearCard(connection_of(state=state, fee=0)).is_renewed
    assert YearCard(connection_of(order_of(), state=state, fee=0)).is_renewed is goes_on
    assert YearCard(connection_of(state=state)).is_owed is (state == "past_due")
    assert YearCard(connection_of(state=state)).has_lapsed is (state == "lapsed")


@pytest.mark.parametrize("state", OrderState)
def test_its_order_waits_for_money_or_for_a_clerk(state: OrderState) -> None:
    card = YearCard(connection_of(order_of(state=state)))
    assert (card.waiting is not None) is (state in ("awaiting_payment", "awaiting_approval"))
    assert card.waits_for_clerk is (state == "awaiting_approval")


def test_what_it_costs_is_nobodys_guess_without_a_tax_rate() -> None:
    assert YearCard(connection_of(order_of())).next_year["amount"] == "$165.00"
    assert YearCard(connection_of()).next_year["amount"] == ""


@pytest.mark.parametrize(
    ("ends", "day"), [(TODAY + timedelta(days=9), "June 24, 2026"), (TODAY - timedelta(days=9), "June 15, 2026")]
)
def test_it_is_charged_when_it_begins_and_never_before_today(ends: date, day: str) -> None:
    assert YearCard(connection_of(ends=ends)).next_year["day"] == day


def test_one_that_was_announced_is_charged_seven_days_after_that() -> None:
    assert YearCard(connection_of(order_of(year_from=TODAY))).next_year["day"] == "June 22, 2026"
    assert selectors.charge_day_of(order_of(year_from=TODAY + timedelta(days=9))) == TODAY + timedelta(days=9)


@pytest.mark.parametrize(
    ("columns", "orders", "said"),
    [
        ({"state": "lapsed"}, [], [("Another year costs", "$165.00 with sales tax")]),
        ({"state": "ended"}, [], []),
        ({"state": "past_due"}, [], [("Past due", "$165.00 with sales tax")]),
        ({"state": "active"}, [], [("Next year", "$165.00 with sales tax, on June 22, 2026")]),
    ],
)
def test_what_comes_next_of_a_connection(columns: dict[str, Any], orders: list[Order], said: list[Any]) -> None:
    facts = YearCard(connection_of(order_of(year_from=TODAY), **columns)).facts
    assert facts[:1] == said
    assert ("How it is paid" in dict(facts)) is (len(said) == 1 and columns["state"] != "lapsed")


def test_how_it_is_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "By a purchase order" in YearCard(connection_of(order_of(state="awaiting_approval"))).how
    card = YearCard(connection_of())
    assert card.how == "No card is kept for it: nothing is charged automatically"
    kept = CardOnFile(saved_at=NOW, card_brand="visa", card_last4="4242")
    monkeypatch.setattr(selectors, "card_of_subscription", lambda _subscription: kept)
    assert card.how == "By Visa ending 4242, kept since June 15, 2026"
    assert card_facts(CardOnFile(saved_at=NOW)) == [("Saved on", "June 15, 2026")]
    assert card_facts(None) == []


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("active", "It is paid until June 15, 2026."),
        ("past_due", "It stops on July 10, 2026."),
        ("lapsed", "was not paid, so it has stopped"),
        ("cancel_scheduled", "It works until June 15, 2026, and ends then."),
        ("ended", "You ended this connection."),
    ],
)
def test_how_a_connection_stands(state: str, said: str) -> None:
    since = TODAY - timedelta(days=5) if state == "past_due" else None
    card = SubscriptionCard(connection_of(state=state, past_due_on=since))
    assert said in card.words
    assert card.can_cancel is (state != "ended")
    assert card.can_end_with_year is (state == "active")
    assert card.can_keep is (state == "cancel_scheduled")


def test_nothing_stops_while_a_clerk_reviews_the_purchase_order() -> None:
    order = order_of(state="awaiting_approval")
    card = SubscriptionCard(connection_of(order, state="past_due", past_due_on=TODAY))
    assert "nothing stops before that" in card.words
    assert "It stops on" not in card.words


def test_one_that_was_canceled_ends_on_its_own_day() -> None:
    assert SubscriptionCard(connection_of(ends_on=date(2026, 5, 1))).until == "May 1, 2026"


@pytest.mark.parametrize(("begins", "ends"), [(TODAY, TODAY + YEAR), (TODAY + timedelta(days=1), TODAY)])
def test_the_year_that_has_begun_ends_first(begins: date, ends: date) -> None:
    connection = connection_of()
    beside(connection, terms=[*connection.terms.all(), Term(starts_on=begins, ends_on=begins + YEAR, fee=0)])
    assert year_ends_on(connection) == ends


@pytest.mark.parametrize(
    ("begins", "left"),
    [
        (TODAY - YEAR, 0),
        (TODAY - YEAR + timedelta(days=1), -1_00),
        (TODAY, 131_00),
        (TODAY + timedelta(days=1), 143_00),
    ],
)
def test_of_a_year_the_months_that_have_not_begun_are_left(begins: date, left: int) -> None:
    assert unused_fee(Term(starts_on=begins, ends_on=begins + YEAR, fee=144_00, refunded=1_00), TODAY) == left


@pytest.mark.parametrize(
    ("columns", "of", "said", "can_be_paid", "is_owed"),
    [
        ({"state": "awaiting_approval"}, {}, "a clerk reviews your purchase order", False, False),
        ({"state": "completed"}, {}, "", False, False),
        ({"state": "completed"}, {"state": "past_due"}, "", False, False),
        ({}, {"state": "past_due"}, "Unless it is paid by July 15, 2026, the CORE stops then.", True, True),
        ({}, {"state": "lapsed"}, "the CORE works again", True, False),
        ({"year_from": TODAY}, {}, "the payment, by June 22, 2026. No card is kept for it.", True, False),
    ],
)
def test_what_comes_next_of_the_order_of_a_year(
    columns: dict[str, Any], of: dict[str, Any], said: str, can_be_paid: bool, is_owed: bool
) -> None:
    year = year_of(order_of(**columns), **of)
    assert said in year.words
    assert bool(year.words) is bool(said)
    assert (year.can_be_paid, year.is_owed) == (can_be_paid, is_owed)


@pytest.mark.parametrize("state", AttemptState)
def test_nobody_pays_while_a_card_is_charged(state: AttemptState) -> None:
    is_open = state in ("created", "open", "processing")
    year = year_of(order_of(PaymentAttempt(state=state, card="pm_1")))
    assert year.can_be_paid is not is_open
    assert ("is being charged now" in year.words) is is_open
    by_page = year_of(order_of(PaymentAttempt(state=state)))
    assert by_page.can_be_paid is (state != AttemptState.PROCESSING)


def test_the_days_that_it_pays_are_those_of_its_term_once_it_is_paid() -> None:
    order = order_of(year_from=TODAY)
    year = year_of(order)
    assert year.years == "June 15, 2026 to June 15, 2027"
    other = Term(starts_on=TODAY - YEAR, ends_on=TODAY)
    term = Term(starts_on=TODAY + timedelta(days=1), ends_on=TODAY + timedelta(days=9), line_id=order.lines.all()[0].pk)
    beside(year.subscription, terms=[other, term])
    assert year.years == "June 16, 2026 to June 24, 2026"


def test_the_order_of_a_year_says_by_which_card_while_it_waits() -> None:
    assert year_of(order_of(year_from=TODAY)).facts[2:] == [
        ("How it is paid", "No card is kept for it: nothing is charged automatically")
    ]
    assert year_of(order_of(year_from=TODAY, state="completed")).facts[2:] == []


@pytest.mark.parametrize(
    ("state", "amount", "tag"),
    [
        ("awaiting_payment", "$165.00", ("bad", "Past due")),
        ("awaiting_approval", "$165.00", ("warn", "A purchase order waits for a clerk")),
        ("cancelled", "–", ("bad", "Past due")),  # noqa: RUF001
    ],
)
def test_a_clerk_reads_what_is_owed_of_the_last_order(state: str, amount: str, tag: tuple[str, str]) -> None:
    older = order_of(number="O-0", drafted_at=NOW - YEAR)
    owed = connection_of(older, order_of(state=state, drafted_at=NOW), state="past_due", past_due_on=TODAY)
    name, _city, state_cell, cents, since, *rest = owing_cells(owed)
    assert (cents, state_cell.tags, since) == (amount, [tag], "June 15, 2026")
    assert "O-1" in name.url
    waits = ["–", "–"]  # noqa: RUF001
    assert rest == (waits if state == "awaiting_approval" else ["July 15, 2026", "No card is kept for it."])


def test_a_clerk_reads_that_a_core_has_stopped_and_owes_nothing() -> None:
    lapsed = connection_of(state="lapsed")
    name, _city, state_cell, *rest = owing_cells(lapsed)
    assert (name, state_cell.tags) == (lapsed.core.serial, [("bad", "Stopped, not paid")])
    assert rest == ["–", "–", "Stopped", "No card is kept for it."]  # noqa: RUF001


@pytest.mark.usefixtures("paper")
def test_a_clerk_reads_why_a_card_was_not_charged() -> None:
    assert owing_cells(of(order_core(owing())))[-1] == "The bank declined the card."
