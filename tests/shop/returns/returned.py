"""COREs that were bought, sent and come back, made by walking the real services: `return_at("accepted")`."""

import io
from collections.abc import Callable
from datetime import timedelta

import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from integration.cores.models import Core
from integration.cores.services import cores
from registry.places.models import Premises
from registry.registrants.models import Registrant
from shop.orders.models.orders import Order, OrderLine
from shop.orders.services import orders
from shop.orders.states import OrderState
from shop.parcels.models import Shipment, ShipmentItem
from shop.payments.models import Payment, Refund
from shop.payments.services import payments, refunds
from shop.returns import services
from shop.returns.models import DeductionSchedule, Return
from shop.returns.states import ReturnState
from tests.factories import person
from tests.integration.cores.devices import Device, in_stock, owner_of
from tests.shop.orders.orders import drafted, gateway, paid, requested, submitted
from tests.shop.ready import Ready, taken

STEPS = {3: 1000, 12: 3000, 36: 8000}
PARTS = [("Power supply", "Fuente de poder", 1000), ("Cracked case", "Carcasa rota", 2500)]
LOWEST = 1500


def published(
    *, by: User | None = None, lowest: int = LOWEST, steps: dict[int, int] | None = None
) -> DeductionSchedule:
    """Return what is deducted from now on."""
    each = STEPS if steps is None else steps
    return services.publish_deductions(by=by or person(Role.ADMINISTRATOR), lowest=lowest, steps=each, parts=PARTS)


def core_of(
    order: Order, *, used: Core | None = None, months: int = 0, active: bool = True, line: OrderLine | None = None
) -> Core:
    """Return a CORE that was sent for an order so many months ago, at work unless told otherwise.

    line: of the order, if it has several.
    """
    by, of, owner = person(Role.CLERK), line or order.lines.get(), order.registrant
    assert owner is not None
    core = used or in_stock(model=of.product.core_model)
    shipment = Shipment.objects.create(order=order, begun_by=by)
    ShipmentItem.objects.create(shipment=shipment, line=of, core=core, quantity=1)
    place = Premises.objects.filter(registrant=owner).first()
    issued = cores.allocate(core=core, by=by, registrant=owner, premises=place)
    cores.ship(core=issued.core, by=by)
    when = timezone.now() - timedelta(days=31 * months)
    rows = Shipment.objects.filter(pk=shipment.pk)
    rows.update(state="labelled", carrier="office", labelled_at=when)
    rows.update(state="handed_over", handed_over_at=when, handed_over_by=by)
    Order.objects.filter(pk=order.pk, state__in=[OrderState.PAID, OrderState.ON_ACCOUNT]).update(state="shipped")
    if not active:
        return Core.objects.get(pk=core.pk)
    with time_machine.travel(when):
        Device(issued.core, issued.code, Ed25519PrivateKey.generate()).activate()
    return Core.objects.get(pk=core.pk)


def drafted_like(line: OrderLine) -> Order:
    """Return a draft of another business over one piece of the same product."""
    return drafted(things=((line.product, 1),))


def bought(*, months: int = 0, active: bool = True, order: Order | None = None) -> Core:
    """Return a CORE of somebody who paid for it by card, after deductions were published."""
    if active and order is None and not months and (ready := taken(Ready.current.cores)):
        return ready
    if not DeductionSchedule.objects.exists():
        published()
    return core_of(order or paid().order, months=months, active=active)


def refunded_in_part(cents: int) -> Core:
    """Return a CORE for which a clerk refunded so much after it was sent."""
    core = bought()
    requested(Payment.objects.get(order__shipments__items__core=core), cents=cents)
    return core


def snap(name: str = "core.png") -> "ContentFile[bytes]":
    """Return a picture as a clerk takes it."""
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(content, "PNG")
    return ContentFile(content.getvalue(), name=name)


def begun(core: Core | None = None) -> Return:
    """Return a return that its owner has begun."""
    of = core or bought()
    cores.begin_return(core=of, by=owner_of(of))
    return Return.objects.filter(core=of).latest("requested_at")


def doubtful() -> Return:
    """Return one whose CORE somebody else had bought: it waits for a clerk."""
    core = bought(active=False)
    cores.begin_return(core=core, by=person(Role.CLERK))
    Order.objects.filter(shipments__items__core=core).update(registrant=None)
    back = services.request_return(core=core, by=owner_of(core))
    assert back is not None
    return back


def received(back: Return | None = None) -> Return:
    """Return one whose parcel is there."""
    of = back or begun()
    return services.receive_return(back=of, by=person(Role.CLERK), serial=of.core.serial)


def missing(back: Return | None = None, *, serial: str = "") -> Return:
    """Return one whose parcel came without the CORE. serial: of another one that was in it."""
    of, words = back or begun(), "The parcel was empty"
    return services.report_missing_core(back=of, by=person(Role.CLERK), serial=serial, reason=words, pictures=[snap()])


def inspected(back: Return | None = None, *, parts: tuple[int, ...] = ()) -> Return:
    """Return one that was inspected. parts: positions of what is missing or broken."""
    of = back or received()
    missing = list(of.schedule.parts.filter(position__in=parts)) if of.schedule else []
    return services.inspect_return(back=of, by=person(Role.CLERK), parts=missing, note="Dusty", pictures=[snap()])


def accepted(back: Return | None = None, *, parts: tuple[int, ...] = ()) -> Return:
    """Return one that is accepted."""
    return services.accept_return(back=inspected(back, parts=parts), by=person(Role.CLERK))


def paid_back(back: Return | None = None) -> Return:
    """Return one whose money is on its way."""
    return services.pay_return(back=back or accepted(), by=person(Role.CLERK))


def arrived(back: Return) -> Return:
    """Let the payment service pay out what is on its way; return the return as it is then."""
    for refund in Refund.objects.filter(of_return=back, state="submitted"):
        refunds.send(pk=refund.pk)
    back.refresh_from_db()
    return back


def by_check(owner: Registrant | None = None, *, active: bool = False) -> Core:
    """Return a CORE whose order was paid by check."""
    if not DeductionSchedule.objects.exists():
        published()
    clerk = person(Role.CLERK)
    order = orders.approve_purchase_order(purchase_order=submitted(drafted(owner=owner)), by=clerk).order
    payments.receive_check(order=order, by=clerk, number="1017", cents=order.total, received_on=timezone.localdate())
    return core_of(order, active=active)


def of_check(owner: Registrant | None = None) -> Return:
    """Return one whose order was paid by check, so that its refund waits for another check."""
    return paid_back(accepted(received(begun(by_check(owner)))))


def labelled(back: Return | None = None) -> Return:
    """Return one whose owner has the label."""
    of = back or begun()
    return services.label_return(back=of, by=person(Role.CLERK), carrier="ups", tracking="1Z999AA10123456784")


def owner_in(back: Return) -> User:
    """Return the account that gives it back."""
    assert back.registrant is not None
    return back.registrant.user


def return_at(state: str) -> Return:
    """Return a return at a state, walked there by the services."""
    gateway()
    clerk = person(Role.CLERK)
    walks: dict[ReturnState, Callable[[], Return]] = {
        ReturnState.REQUESTED: doubtful,
        ReturnState.APPROVED: begun,
        ReturnState.DECLINED: lambda: services.decline_return(back=doubtful(), by=clerk, reason="Bought by another"),
        ReturnState.LABEL_SENT: labelled,
        ReturnState.IN_TRANSIT: lambda: services.send_return(back=labelled(), by=clerk),
        ReturnState.RECEIVED: received,
        ReturnState.INSPECTED: inspected,
        ReturnState.ACCEPTED: accepted,
        ReturnState.REJECTED: missing,
        ReturnState.REFUNDING: paid_back,
        ReturnState.CLOSED: lambda: arrived(paid_back()),
    }
    back = walks[ReturnState(state)]()
    assert back.state == state
    return back
