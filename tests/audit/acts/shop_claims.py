"""Acts about warranty claims."""

from audit.events import Event
from shop.claim_states import ClaimState
from shop.services import billing, dunning, warranty
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.integration.devices import core_at, in_stock, owner_of
from tests.shop.claimed import claim_at, declinable, late
from tests.shop.orders import gateway
from tests.shop.returned import snap

CLERK = "clerk"


@calls(warranty.open_claim, Event.CLAIM_OPENED)
def open_claim() -> Act:
    """An owner says what is wrong."""
    core, picture = core_at("active"), snap()
    by = owner_of(core)
    return lambda: warranty.open_claim(core=core, by=by, problem="No light", pictures=[picture])


@calls(warranty.approve, Event.CLAIM_APPROVED)
def approve() -> Act:
    """A clerk promises another one."""
    claim, by = claim_at(ClaimState.OPENED), person(CLERK)
    return lambda: warranty.approve(claim=claim, by=by)


@calls(warranty.decline, Event.CLAIM_DECLINED)
def decline() -> Act:
    """It is not active any more."""
    claim, by = declinable(), person(CLERK)
    return lambda: warranty.decline(claim=claim, by=by, reason="It is coming back")


@calls(warranty.replace, Event.CLAIM_REPLACED)
def replace() -> Act:
    """Another one goes out."""
    claim, by = claim_at(ClaimState.APPROVED), person(CLERK)
    new = in_stock(model=claim.core.model)
    return lambda: warranty.replace(claim=claim, by=by, new=new)


@calls(warranty.receive, Event.CLAIM_CLOSED)
def receive() -> Act:
    """The old one came back."""
    claim, by = claim_at(ClaimState.OLD_UNIT_DUE), person(CLERK)
    return lambda: warranty.receive(claim=claim, by=by, serial=claim.core.serial)


@calls(warranty.close, Event.CLAIM_CLOSED)
def close() -> Act:
    """It does not."""
    claim, by = claim_at(ClaimState.OLD_UNIT_DUE), person(CLERK)
    return lambda: warranty.close(claim=claim, by=by, reason="It burned")


@calls(billing.charge, Event.CLAIM_CHARGED)
def charge() -> Act:
    """Or is billed."""
    gateway()
    claim, by = late(), person(CLERK)
    return lambda: billing.charge(claim=claim, by=by)


@calls(dunning.remind_due, Event.CLAIM_REMINDED)
def remind() -> Act:
    """Its owner is reminded."""
    gateway()
    late()
    return dunning.remind_due
