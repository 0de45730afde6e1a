"""Products, orders and money, made by walking the real services: `order_at("paid")` adds, drafts, places, pays."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.lifecycle import Denied
from registry.registrants.models import Registrant
from shop.catalogue import services as catalogue
from shop.catalogue.files import open_paper
from shop.catalogue.models import Product
from shop.orders.models.orders import Cart, ExemptionCertificate, Order, OrderLine, PurchaseOrder, TaxRate
from shop.orders.policies import Sending
from shop.orders.services import carts, orders, taxes
from shop.orders.states import OrderState
from shop.payments.gateway import client
from shop.payments.gateway.answers import GatewayFault, RefundStatus, Unknown
from shop.payments.models import Payment, PaymentAttempt, Refund
from shop.payments.services import payments, refunds
from shop.payments.states import AttemptState, RefundState
from tests.factories import person
from tests.integration.cores.devices import business_at, core_model
from tests.shop.payments.paper import Paper
from tests.shop.ready import Ready, taken

PRICE, FEE, TAX = 35_000, 15_000, 1_000
BACK = "https://portal.example/orders/"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
ADDRESS = Address("600 20th Street North", "Birmingham", "AL", "35203")
SENDING = Sending("Rosa Diaz", ADDRESS, ADDRESS)
_numbers = count(1)


def begun(request: pytest.FixtureRequest) -> Ready:
    """Let a test begin with the module's world if it has one, else with nothing; return it."""
    Ready.current = request.getfixturevalue("world") if "world" in request.fixturenames else Ready()
    request.addfinalizer(Ready.forget)
    return Ready.current


@pytest.fixture
def ready(request: pytest.FixtureRequest) -> Ready:
    """Return what this test begins with."""
    return begun(request)


@pytest.fixture
def paper(request: pytest.FixtureRequest) -> Paper:
    """Return the payment service on paper, which knows of what this test begins with."""
    service = begun(request).service
    client.use(lambda: service)
    return service


def gateway() -> Paper:
    """Return the payment service on paper that is in use, a new one where none is."""
    if isinstance(used := client.gateway(), Paper):
        return used
    service = Paper()
    client.use(lambda: service)
    return service


def pdf(name: str = "paper.pdf") -> "ContentFile[bytes]":
    """Return a paper as somebody sends it."""
    return ContentFile(PDF, name=name)


def read(paper: str) -> bytes:
    """Return what is in a paper that was kept."""
    with open_paper(paper) as file:
        return bytes(file.read())


def tax_rate(*, basis_points: int = TAX, code: str = "goods", state: str = "AL") -> TaxRate:
    """Return the rate of a state, a new one the first time."""
    known = TaxRate.objects.filter(state_code=state, tax_code=code, zip_prefix="").first()
    return known or taxes.add(
        by=person(Role.ADMINISTRATOR),
        state=state,
        tax_code=code,
        basis_points=basis_points,
        starts_on=date(2020, 1, 1),
    )


def product(
    *,
    kind: str = "core",
    cents: int = PRICE,
    fee: int | None = None,
    included: bool = True,
    on_hand: int = 10,
    priced: bool = True,
) -> Product:
    """Return something that is sold at a price, with so many of it on the shelf."""
    is_usual = (kind, cents, fee, included, on_hand, priced) == ("core", PRICE, None, True, 10, True)
    if is_usual and (ready := taken(Ready.current.products)):
        return ready
    by, number = person(Role.ADMINISTRATOR), next(_numbers)
    model = core_model() if kind == "core" else None
    details = Product(
        name=f"Thing {number}",
        name_es=f"Cosa {number}",
        tax_code="goods",
        first_year_included=included,
        core_model=model,
    )
    made = catalogue.add_product(by=by, kind=kind, details=details)
    if priced:
        yearly = (FEE if kind == "core" else 0) if fee is None else fee
        catalogue.set_price(product=made, by=by, cents=cents, yearly_fee=yearly)
    if on_hand and made.is_shipped:
        catalogue.change_stock(product=made, by=by, kind="received", change=on_hand)
    return made


def unsaved_line(kind: str = "core") -> OrderLine:
    """Return a line of one piece for $100, of an order that is not saved."""
    money = {"unit_cents": 100_00, "net": 100_00, "tax": 0, "total": 100_00, "tax_basis_points": 0, "discount": 0}
    return OrderLine(kind=kind, name="Thing", name_es="Cosa", quantity=1, first_fee=0, yearly_fee=0, **money)


def cart_with(owner: Registrant, *things: tuple[Product, int]) -> Cart:
    """Return the cart of a business with so many of these."""
    cart = carts.open_for(user=owner.user, browser="")
    for each, quantity in things:
        carts.put(cart=cart, product=each, quantity=quantity)
    return cart


def drafted(*, owner: Registrant | None = None, things: tuple[tuple[Product, int], ...] = ()) -> Order:
    """Return an order that is being checked: of one CORE, unless told otherwise."""
    tax_rate()
    business = owner or taken(Ready.current.businesses) or business_at()
    cart = cart_with(business, *(things or ((product(), 1),)))
    return orders.draft(registrant=business, cart=cart, by=business.user, sending=SENDING)


def buyer_of(order: Order) -> User:
    """Return the account that buys."""
    assert order.registrant is not None
    return order.registrant.user


def placed(order: Order | None = None) -> Order:
    """Return an order that waits for a card payment."""
    draft = order or drafted()
    return orders.place(order=draft, by=buyer_of(draft), consents=True)


def submitted(order: Order | None = None, *, number: str = "", limit: int = 10_000_000) -> PurchaseOrder:
    """Return a purchase order that waits for a clerk."""
    draft = order or drafted()
    return orders.submit_purchase_order(
        order=draft,
        by=buyer_of(draft),
        consents=True,
        number=number or f"PO-{next(_numbers)}",
        limit=limit,
        paper=pdf(),
    )


def opened(order: Order | None = None) -> PaymentAttempt:
    """Return an attempt whose payment page is open."""
    gateway()
    waiting = order or placed()
    return payments.begin_attempt(order=waiting, by=buyer_of(waiting), return_to=BACK, keeps=True)


def paid(order: Order | None = None) -> Payment:
    """Return the payment of an order that was paid by card."""
    if order is None and (ready := taken(Ready.current.payments)):
        return ready
    attempt = opened(order)
    gateway().pay(attempt.session_id)
    return Payment.objects.get(attempt=payments.settle(attempt=attempt))


def services_alone(state: str = OrderState.PAID) -> Order:
    """Return an order of an installation alone, walked to a state by the services."""
    draft = drafted(things=((product(kind="service", cents=5_000), 1),))
    if state == OrderState.PAID:
        order = paid(placed(draft)).order
    elif state == OrderState.AWAITING_PAYMENT:
        order = placed(draft)
    else:
        purchase_order = submitted(draft)
        order = purchase_order.order
        if state == OrderState.ON_ACCOUNT:
            orders.approve_purchase_order(purchase_order=purchase_order, by=person(Role.CLERK))
    order.refresh_from_db()
    assert order.state == state
    return order


def order_at(state: str) -> Order:
    """Return an order at a state, walked there by the services."""
    if state == OrderState.DRAFT:
        return drafted()
    if state == OrderState.AWAITING_PAYMENT:
        return placed()
    if state == OrderState.EXPIRED:
        order = placed()
        lapse(order)
        orders.expire_due()
    elif state == OrderState.PAID:
        order = paid().order
    elif state in (OrderState.AWAITING_APPROVAL, OrderState.ON_ACCOUNT):
        purchase_order = submitted()
        order = purchase_order.order
        if state == OrderState.ON_ACCOUNT:
            orders.approve_purchase_order(purchase_order=purchase_order, by=person(Role.CLERK))
    else:
        raise ValueError(f"no walk leads to an order at {state!r}")
    order.refresh_from_db()
    assert order.state == state
    return order


def lapse(order: Order) -> None:
    """Let the time of a reservation be over."""
    Order.objects.filter(pk=order.pk).update(reserved_until=timezone.now() - timedelta(minutes=1))


def attempt_at(state: str) -> PaymentAttempt:
    """Return an attempt at a state, walked there by the services."""
    if state == AttemptState.CREATED:
        gateway().before["create_session"] = [unknown()]
        order = placed()
        refused(lambda: payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK, keeps=True))
        return order.attempts.get()
    attempt = opened()
    if state == AttemptState.CANCELLED:
        orders.cancel(order=attempt.order, by=buyer_of(attempt.order))
        attempt.refresh_from_db()
        return attempt
    acts: dict[AttemptState, Callable[[], object]] = {
        AttemptState.OPEN: lambda: None,
        AttemptState.PROCESSING: lambda: gateway().process(attempt.session_id),
        AttemptState.EXPIRED: lambda: gateway().expire(attempt.session_id),
        AttemptState.SUCCEEDED: lambda: gateway().pay(attempt.session_id),
        AttemptState.FAILED: lambda: (gateway().process(attempt.session_id), gateway().bounce(attempt.session_id)),
    }
    acts[AttemptState(state)]()
    settled = payments.settle(attempt=attempt)
    assert settled.state == state
    return settled


def unknown() -> GatewayFault:
    """Return what is raised when no answer came."""
    return Unknown("timeout")


def requested(payment: Payment | None = None, *, cents: int = 10_000, by: User | None = None) -> Refund:
    """Return a refund that a clerk asked for."""
    of = payment or paid()
    line = of.order.lines.get()
    return refunds.request(payment=of, by=by or person(Role.CLERK), amounts={line.pk: cents}, reason="Scratched")


def refund_at(state: str) -> Refund:
    """Return a refund at a state, walked there by the services."""
    refund = requested()
    by = refund.clerk
    assert by is not None
    if state == RefundState.REQUESTED:
        return refund
    if state == RefundState.CANCELLED:
        return refunds.cancel(refund=refund, by=by)
    refund = refunds.submit(refund=refund, by=by)
    if state == RefundState.SUBMITTED:
        return refund
    gateway().next_refund = RefundStatus(state)
    refund = refunds.send(pk=refund.pk)
    assert refund.state == state
    return refund


def refunded(line: OrderLine, *, cents: int | None = None) -> Refund:
    """Return the refund of money of a line, all of it unless told otherwise, which a clerk asked for."""
    amounts, payment = {line.pk: line.total if cents is None else cents}, line.order.payments.get()
    return refunds.request(payment=payment, by=person(Role.CLERK), amounts=amounts, reason="Not wanted any more")


def sent_back(refund: Refund) -> Refund:
    """Return a refund that another person sent, and the service has paid out."""
    return refunds.send(pk=refunds.submit(refund=refund, by=person(Role.CLERK)).pk)


def failed(refund: Refund) -> Refund:
    """Return a refund that was sent and did not arrive."""
    gateway().next_refund = RefundStatus.FAILED
    return sent_back(refund)


def certificate(owner: Registrant, *, state: str = "AL", approved: bool = True) -> ExemptionCertificate:
    """Return a certificate of a business for a state."""
    sent = taxes.send(
        registrant=owner,
        by=owner.user,
        state=state,
        number=f"EX-{next(_numbers)}",
        valid_until=timezone.localdate() + timedelta(days=90),
        paper=pdf(),
    )
    return taxes.approve(certificate=sent, by=person(Role.CLERK)) if approved else sent


def check_payment(order: Order | None = None, *, cents: int | None = None) -> Payment:
    """Return a check that came for an order on account."""
    account = order or order_at(OrderState.ON_ACCOUNT)
    return payments.receive_check(
        order=account,
        by=person(Role.CLERK),
        number=f"{next(_numbers)}",
        cents=cents or account.total,
        received_on=timezone.localdate(),
    )


def refused(act: Callable[[], object]) -> BaseException:
    """Do what is refused, and return by what."""
    with pytest.raises((Denied, GatewayFault, ValidationError)) as caught:
        act()
    return caught.value
