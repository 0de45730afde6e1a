"""A process dies between "row written" and "committed": after a restart there is one charge, one order, one refund.

Two things stop a process where it is to die. The payment peer keeps a request before or after doing it; and a lock on a
table keeps a statement waiting in the middle of a transaction.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest
import time_machine
from _pytest.mark import ParameterSet
from django.utils import timezone
from psycopg import sql

from shop.books import services as books
from shop.orders.models.invoices import Invoice
from shop.orders.models.orders import ShopTask
from shop.payments.gateway.answers import read_notice
from shop.payments.models import PaymentAttempt, Refund
from shop.payments.services import notices
from tests.database.clone import Clone
from tests.peers.acting import Acting
from tests.peers.payments import PaymentPeer
from tests.shop.payments import paying
from tests.shop.payments.paying import Bought
from tests.shop.payments.test_comparing import sent

pytestmark = pytest.mark.django_db(transaction=True)

WAITS = """
SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
SECONDS_TO_WAIT = 30.0
POLL_SECONDS = 0.01


@dataclass(frozen=True)
class Point:
    """Where a process dies. request, kind: that the peer keeps. table: on which its transaction waits."""

    request: str = ""
    kind: str = ""
    table: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.kind, self.request, self.table) if part)


def long_run(*point: str, **more: str) -> ParameterSet:
    """Return a point that is like another one of the fast tests; it is tried in the long ones."""
    where = Point(*point, **more)
    return pytest.param(where, marks=pytest.mark.long, id=str(where))


@dataclass
class Killer:
    """Starts acts and kills them at their point."""

    acting: Acting
    peer: PaymentPeer
    superuser: psycopg.Connection

    def kill_at(self, point: Point, act: str, subject: object) -> None:
        """Start an act and kill it at a point."""
        if point.request:
            self.peer.fault(point.request, point.kind)
            number = self.acting.start(act, str(subject))
            self.peer.wait_for_held()
            if point.table:
                with self.locked(point.table):
                    self.peer.tell("release")
                    self.wait_for_lock(point.table)
                    self.acting.kill(number)
            else:
                self.acting.kill(number)
                self.peer.tell("release")
        else:
            with self.locked(point.table):
                number = self.acting.start(act, str(subject))
                self.wait_for_lock(point.table)
                self.acting.kill(number)
        self.peer.tell("mend")

    @contextmanager
    def locked(self, table: str) -> Iterator[None]:
        """Let nobody write into a table."""
        with self.superuser.transaction():
            self.superuser.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(sql.Identifier(table)))
            yield

    def wait_for_lock(self, table: str) -> None:
        """Wait until a statement waits for a table."""
        deadline = time.monotonic() + SECONDS_TO_WAIT
        while (self.superuser.execute(WAITS, [table]).fetchone() or (0,))[0] == 0:
            assert time.monotonic() < deadline, self.acting.log.read_text()[-3000:]
            time.sleep(POLL_SECONDS)


@pytest.fixture(scope="module")
def acting(
    django_db_setup: Clone, tmp_path_factory: pytest.TempPathFactory, running_payment_peer: PaymentPeer
) -> Iterator[Acting]:
    """Run a process that forks acts of this test's database."""
    directory = tmp_path_factory.mktemp("acting")
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.peers.portal_settings",
        "DATABASE_URL": django_db_setup.address("portal_app"),
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "PORTAL_FILES": str(directory),
        **running_payment_peer.environment,
    }
    made = Acting(environment, directory / "acting.log")
    yield made
    made.close()


@pytest.fixture
def killer(acting: Acting, payment_peer: PaymentPeer, portal_db: Clone) -> Iterator[Killer]:
    """Return what starts acts and kills them."""
    with portal_db.connect() as superuser:
        yield Killer(acting, payment_peer, superuser)


def restart_and_compare() -> None:
    """Do what a restarted portal does: work on what waits, and compare, when unknown outcomes may be made anew."""
    notices.sweep()
    with time_machine.travel(timezone.now() + timedelta(minutes=3), tick=True):
        books.compare_nightly()


def must_be_bought_once(bought: Bought, peer: PaymentPeer) -> None:
    """Assert one charge, one payment, one order, one invoice, one reservation, and nothing to look into."""
    assert bought.state() == "paid"
    assert bought.captured() == peer.charged() == bought.order.total
    assert [one["status"] for one in peer.state()["intents"]] == ["succeeded"]
    assert PaymentAttempt.objects.filter(order=bought.order, state="succeeded").count() == 1
    assert Invoice.objects.filter(order=bought.order).count() == 1
    assert [row.quantity for row in bought.order.reservations.filter(released_at=None)] == [1]
    assert not ShopTask.objects.exists()


PAGE = "POST /v1/checkout/sessions"


@pytest.mark.parametrize(
    "point",
    [
        long_run(table="shop_paymentattempt"),
        long_run(table="audit_entry"),
        long_run(PAGE, "hold"),
        Point(PAGE, "keep"),
        Point(PAGE, "keep", "audit_entry"),
    ],
    ids=str,
)
def test_killed_while_a_payment_page_is_opened(killer: Killer, payment_peer: PaymentPeer, point: Point) -> None:
    bought = paying.place()
    killer.kill_at(point, "begin", bought.order.pk)
    restart_and_compare()
    bought.begin()
    payment_peer.pay(bought.attempt.session_id)
    bought.settle()
    must_be_bought_once(bought, payment_peer)


LOOK = "GET /v1/checkout/sessions/"
SETTLING = [
    long_run(LOOK, "hold"),
    Point(LOOK, "keep"),
    long_run(table="shop_paymentattempt"),
    long_run(table="shop_payment"),
    long_run(table="shop_order"),
    Point(table="shop_invoice"),
    Point(table="audit_entry"),
]


@pytest.mark.parametrize("point", SETTLING, ids=str)
def test_killed_while_a_payment_is_settled(killer: Killer, payment_peer: PaymentPeer, point: Point) -> None:
    bought = paying.begin()
    payment_peer.pay(bought.attempt.session_id)
    killer.kill_at(point, "settle", bought.attempt.pk)
    assert bought.captured() == 0
    restart_and_compare()
    must_be_bought_once(bought, payment_peer)


@pytest.mark.parametrize(
    "point", [Point(LOOK, "keep"), long_run(table="shop_invoice"), long_run(table="shop_gatewayevent")], ids=str
)
def test_killed_while_the_worker_follows_a_message(killer: Killer, payment_peer: PaymentPeer, point: Point) -> None:
    bought = paying.begin()
    payment_peer.pay(bought.attempt.session_id)
    (event,) = payment_peer.events("checkout.session.completed")
    notices.receive(notice=read_notice(*payment_peer.signed(event)))
    killer.kill_at(point, "work", event)
    restart_and_compare()
    must_be_bought_once(bought, payment_peer)


LIST, MAKE = "GET /v1/refunds", "POST /v1/refunds"
REFUNDING = [
    long_run(LIST, "keep"),
    long_run(table="shop_refund"),
    Point(MAKE, "hold"),
    Point(MAKE, "keep"),
    long_run(MAKE, "keep", "shop_refund"),
    Point(MAKE, "keep", "shop_creditnote"),
    long_run(MAKE, "keep", "audit_entry"),
]


@pytest.mark.parametrize("point", REFUNDING, ids=str)
def test_killed_while_a_refund_is_made(killer: Killer, payment_peer: PaymentPeer, point: Point) -> None:
    bought = paying.paid(payment_peer)
    refund = sent(bought, 1_000)
    killer.kill_at(point, "send", refund.pk)
    restart_and_compare()
    must_be_refunded_once(bought, refund, payment_peer)


def test_killed_again_while_a_restarted_portal_compares(killer: Killer, payment_peer: PaymentPeer) -> None:
    bought = paying.paid(payment_peer)
    refund = sent(bought, 1_000)
    killer.kill_at(Point(MAKE, "keep"), "send", refund.pk)
    killer.kill_at(Point(LIST, "keep"), "compare", "all")
    killer.kill_at(Point(table="shop_creditnote"), "compare", "all")
    restart_and_compare()
    must_be_refunded_once(bought, refund, payment_peer)


def must_be_refunded_once(bought: Bought, refund: Refund, peer: PaymentPeer) -> None:
    """Assert one refund in the books and at the service, of its amount."""
    assert bought.refunds() == [("staff", "succeeded", 1_000)]
    assert [(one["amount"], one["metadata"]) for one in peer.state()["refunds"]] == [
        (1_000, {"refund": str(refund.pk)})
    ]
    assert bought.payment.held == 1_000
    assert not ShopTask.objects.exists()
