"""Steps of warranty claims."""

from shop.orders.states import ORDER, OrderState
from shop.warranty import services as warranty
from shop.warranty.states import CLAIM, ClaimState as State
from tests.factories import person
from tests.integration.cores.devices import in_stock
from tests.lifecycle.drivers import Taken, beginning, drives, look, take
from tests.shop.warranty.claimed import claim_at, declinable, late, replaced, works

CLERK = "clerk"


@drives(CLAIM, State.OPENED, State.APPROVED, CLERK)
def approve(role: str) -> Taken:
    """It is looked at."""
    claim = beginning(claim_at, State.OPENED)
    return take(claim, lambda: warranty.approve_claim(claim=claim, by=person(role)))


@drives(CLAIM, State.OPENED, State.DECLINED, CLERK)
def decline(role: str) -> Taken:
    """Its CORE is not active any more."""
    claim = declinable()
    return take(claim, lambda: warranty.decline_claim(claim=claim, by=person(role), reason="It is coming back"))


@drives(CLAIM, State.APPROVED, State.REPLACEMENT_SHIPPED, CLERK)
def replace(role: str) -> Taken:
    """Another one goes out."""
    claim = beginning(claim_at, State.APPROVED)
    new = in_stock(model=claim.core.model)
    return take(claim, lambda: warranty.replace_core(claim=claim, by=person(role), new=new))


@drives(CLAIM, State.REPLACEMENT_SHIPPED, State.OLD_UNIT_DUE, "task")
def activate(_role: str) -> Taken:
    """The other one works."""
    claim, issued = replaced()
    return take(claim, lambda: works(issued))


@drives(CLAIM, State.REPLACEMENT_SHIPPED, State.CLOSED, CLERK)
def receive(role: str) -> Taken:
    """The old one is there already."""
    claim = beginning(claim_at, State.REPLACEMENT_SHIPPED)
    return take(claim, lambda: warranty.receive_old_core(claim=claim, by=person(role), serial=claim.core.serial))


@drives(CLAIM, State.OLD_UNIT_DUE, State.CLOSED, CLERK)
def close(role: str) -> Taken:
    """The old one does not come."""
    claim = beginning(claim_at, State.OLD_UNIT_DUE)
    return take(claim, lambda: warranty.close_claim(claim=claim, by=person(role), reason="It burned"))


@drives(CLAIM, State.OLD_UNIT_DUE, State.CHARGED, CLERK)
def charge(role: str) -> Taken:
    """The old one did not come by its day."""
    claim = late()
    return take(claim, lambda: warranty.bill_old_core(claim=claim, by=person(role)))


@drives(CLAIM, State.CHARGED, State.CLOSED, CLERK)
def take_the_bill_back(role: str) -> Taken:
    """It came after all."""
    claim = beginning(claim_at, State.CHARGED)
    return take(claim, lambda: warranty.receive_old_core(claim=claim, by=person(role), serial=claim.core.serial))


@drives(ORDER, OrderState.DRAFT, OrderState.ON_ACCOUNT, CLERK)
def bill(role: str) -> Taken:
    """Its order is a draft for a moment, inside the act that writes it."""
    claim = late()
    before = look(claim).before
    charged = warranty.bill_old_core(claim=claim, by=person(role)).charge
    return Taken(charged, OrderState.DRAFT, before)
