"""Acts about warranty claims."""

from audit.log.events import Event
from shop.books import services as books
from shop.warranty import services as warranty
from shop.warranty.states import ClaimState
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.integration.cores.devices import core_at, in_stock, owner_of
from tests.shop.orders.orders import gateway
from tests.shop.returns.returned import snap
from tests.shop.warranty.claimed import claim_at, declinable, late

CLERK = "clerk"


@calls(warranty.open_claim, Event.CLAIM_OPENED)
def open_claim() -> Act:
    """An owner says what is wrong."""
    core, picture = core_at("active"), snap()
    by = owner_of(core)
    return lambda: warranty.open_claim(core=core, by=by, problem="No light", pictures=[picture])


@calls(warranty.approve_claim, Event.CLAIM_APPROVED)
def approve() -> Act:
    """A clerk promises another one."""
    claim, by = claim_at(ClaimState.OPENED), person(CLERK)
    return lambda: warranty.approve_claim(claim=claim, by=by)


@calls(warranty.decline_claim, Event.CLAIM_DECLINED)
def decline() -> Act:
    """It is not active any more."""
    claim, by = declinable(), person(CLERK)
    return lambda: warranty.decline_claim(claim=claim, by=by, reason="It is coming back")


@calls(warranty.replace_core, Event.CLAIM_REPLACED)
def replace() -> Act:
    """Another one goes out."""
    claim, by = claim_at(ClaimState.APPROVED), person(CLERK)
    new = in_stock(model=claim.core.model)
    return lambda: warranty.replace_core(claim=claim, by=by, new=new)


@calls(warranty.receive_old_core, Event.CLAIM_CLOSED)
def receive() -> Act:
    """The old one came back."""
    claim, by = claim_at(ClaimState.OLD_UNIT_DUE), person(CLERK)
    return lambda: warranty.receive_old_core(claim=claim, by=by, serial=claim.core.serial)


@calls(warranty.close_claim, Event.CLAIM_CLOSED)
def close() -> Act:
    """It does not."""
    claim, by = claim_at(ClaimState.OLD_UNIT_DUE), person(CLERK)
    return lambda: warranty.close_claim(claim=claim, by=by, reason="It burned")


@calls(warranty.bill_old_core, Event.CLAIM_CHARGED)
def charge() -> Act:
    """Or is billed."""
    gateway()
    claim, by = late(), person(CLERK)
    return lambda: warranty.bill_old_core(claim=claim, by=by)


@calls(books.remind_due, Event.CLAIM_REMINDED)
def remind() -> Act:
    """Its owner is reminded."""
    gateway()
    late()
    return books.remind_due
