"""Orders that are being paid at the payment peer."""

from dataclasses import dataclass, field

from django.db.models import Sum
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from registry.registrants.models import Registrant
from shop.books.models import Reconciliation
from shop.catalogue.models import Product
from shop.orders.models.orders import Order, ShopTask, TaskKind
from shop.orders.services import orders as order_services
from shop.payments.models import Payment, PaymentAttempt, Refund
from shop.payments.services import payments
from tests.integration.cores.devices import business_at
from tests.peers.payments import PaymentPeer
from tests.shop.orders import orders
from tests.shop.ready import Ready, taken

BACK = "http://localhost/orders/"


@dataclass
class Bought:
    """A business's order, and its attempt once it has one."""

    owner: Registrant
    order: Order
    attempts: list[PaymentAttempt] = field(default_factory=list)

    @property
    def by(self) -> User:
        """The account of the buyer."""
        user = self.owner.user
        assert user is not None
        return user

    @property
    def attempt(self) -> PaymentAttempt:
        """The last attempt, as it is now."""
        return PaymentAttempt.objects.get(pk=self.attempts[-1].pk)

    @property
    def payment(self) -> Payment:
        """The only payment of the order."""
        return Payment.objects.get(order=self.order)

    def begin(self) -> PaymentAttempt:
        """Begin to pay, or go on."""
        self.attempts.append(payments.begin_attempt(order=self.order, by=self.by, return_to=BACK, keeps=True))
        return self.attempts[-1]

    def settle(self) -> str:
        """Ask the gateway; return the state of the order."""
        payments.settle(attempt=self.attempt)
        return self.state()

    def state(self) -> str:
        """Return the state of the order as it is now."""
        return str(Order.objects.get(pk=self.order.pk).state)

    def captured(self) -> int:
        """Return the cents captured for the order."""
        return int(Payment.objects.filter(order=self.order).aggregate(sum=Sum("captured"))["sum"] or 0)

    def refunds(self) -> list[tuple[str, str, int]]:
        """Return source, state and amount of the order's refunds, the oldest first."""
        rows = Refund.objects.filter(payment__order=self.order).order_by("requested_at", "pk")
        return [(row.source, row.state, row.cents) for row in rows]


def product_of(number: int = 10, *, cents: int = orders.PRICE) -> Product:
    """Return an accessory that is sold, with so many pieces in stock."""
    return orders.product(kind="accessory", cents=cents, on_hand=number)


def place(product: Product | None = None, *, quantity: int = 1, owner: Registrant | None = None) -> Bought:
    """Return an order that waits for its payment."""
    owner = owner or taken(Ready.current.businesses) or business_at()
    order = orders.placed(orders.drafted(owner=owner, things=((product or product_of(), quantity),)))
    return Bought(owner, order)


def begin(product: Product | None = None, *, quantity: int = 1, owner: Registrant | None = None) -> Bought:
    """Return an order with an open payment page."""
    bought = place(product, quantity=quantity, owner=owner)
    bought.begin()
    return bought


def paid(peer: PaymentPeer, product: Product | None = None, *, quantity: int = 1) -> Bought:
    """Return an order that is paid and settled."""
    bought = begin(product, quantity=quantity)
    peer.pay(bought.attempt.session_id)
    assert bought.settle() == "paid"
    return bought


def difference() -> ShopTask:
    """Return something that staff have to look into, after a comparison."""
    now = timezone.now()
    Reconciliation.objects.create(asked_at=now, finished_at=now, differences=1)
    facts: dict[str, int | str] = {"kind": "refunded", "books": 0, "service": 700}
    about = "pi_of_a_payment_that_has_a_rather_long_name"
    order_services.open_task(kind=TaskKind.DIFFERENCE, about=about, order=place().order, facts=facts)
    return ShopTask.objects.latest("opened_at")
