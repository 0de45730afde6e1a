"""Acts about warranty claims."""

from audit.log.events import Event
from shop.books.services import reminders
from shop.warranty.services import bills, claims
from shop.warranty.states import ClaimState
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.integration.cores.devices import core_at, in_stock, owner_of
from tests.shop.orders.orders import gateway
from tests.shop.returns.returned import snap
from tests.shop.warranty.claimed import claim_at, declinable, late

CLERK = "clerk"


@calls(claims.open_claim, Event.CLAIM_OPENED)
def open_claim() -> Act:
    """An owner says what is wrong."""
    core, picture = core_at("active"), snap()
    by = owner_of(core)
    return lambda: claims.open_claim(core=core, by=by, problem="No light", pictures=[picture])


@calls(claims.approve, Event.CLAIM_APPROVED)
def approve() -> Act:
    """A clerk promises another one."""
    claim, by = claim_at(ClaimState.OPENED), person(CLERK)
    return lambda: claims.approve(claim=claim, by=by)


@calls(claims.decline, Event.CLAIM_DECLINED)
def decline() -> Act:
    """It is not active any more."""
    claim, by = declinable(), person(CLERK)
    return lambda: claims.decline(claim=claim, by=by, reason="It is coming back")


@calls(claims.replace, Event.CLAIM_REPLACED)
def replace() -> Act:
    """Another one goes out."""
    claim, by = claim_at(ClaimState.APPROVED), person(CLERK)
    new = in_stock(model=claim.core.model)
    return lambda: claims.replace(claim=claim, by=by, new=new)


@calls(claims.receive, Event.CLAIM_CLOSED)
def receive() -> Act:
    """The old one came back."""
    claim, by = claim_at(ClaimState.OLD_UNIT_DUE), person(CLERK)
    return lambda: claims.receive(claim=claim, by=by, serial=claim.core.serial)


@calls(claims.close, Event.CLAIM_CLOSED)
def close() -> Act:
    """It does not."""
    claim, by = claim_at(ClaimState.OLD_UNIT_DUE), person(CLERK)
    return lambda: claims.close(claim=claim, by=by, reason="It burned")


@calls(bills.charge, Event.CLAIM_CHARGED)
def charge() -> Act:
    """Or is billed."""
    gateway()
    claim, by = late(), person(CLERK)
    return lambda: bills.charge(claim=claim, by=by)


@calls(reminders.remind_due, Event.CLAIM_REMINDED)
def remind() -> Act:
    """Its owner is reminded."""
    gateway()
    late()
    return reminders.remind_due
