"""Acts about returns."""

from audit.log.events import Event
from integration.cores.services import cores
from registry.places.models import Premises
from shop.returns import services as returns
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.integration.cores.devices import core_at, owner_of
from tests.shop.returns.returned import (
    PARTS,
    STEPS,
    accepted,
    begun,
    bought,
    doubtful,
    inspected,
    labelled,
    owner_in,
    received,
    snap,
)

CLERK = "clerk"


@calls(returns.publish_deductions, Event.DEDUCTIONS_PUBLISHED)
def publish() -> Act:
    """An administrator publishes what is deducted."""
    by = person("administrator")
    return lambda: returns.publish_deductions(by=by, lowest=1500, steps=STEPS, parts=PARTS)


@calls(cores.cancel_return, Event.CORE_KEPT)
def keep() -> Act:
    """Somebody keeps a CORE after all that was given to them."""
    core = core_at("returning")
    place = Premises.objects.filter(registrant=core.registrant).first()
    by = owner_of(core)
    return lambda: cores.cancel_return(core=core, by=by, premises=place)


@calls(returns.request_return, Event.RETURN_REQUESTED)
def request() -> Act:
    """Somebody asks for the money of a CORE whose return a clerk began."""
    core = bought()
    cores.begin_return(core=core, by=person(CLERK))
    by = owner_of(core)
    return lambda: returns.request_return(core=core, by=by)


@calls(returns.approve_return, Event.RETURN_APPROVED)
def approve() -> Act:
    """A clerk looks into it."""
    back, by = doubtful(), person(CLERK)
    return lambda: returns.approve_return(back=back, by=by)


@calls(returns.decline_return, Event.RETURN_DECLINED)
def decline() -> Act:
    """It isn't theirs."""
    back, by = doubtful(), person(CLERK)
    return lambda: returns.decline_return(back=back, by=by, reason="Bought by another")


@calls(returns.withdraw_return, Event.RETURN_WITHDRAWN)
def withdraw() -> Act:
    """Its owner keeps it."""
    back = labelled()
    by, place = owner_in(back), Premises.objects.filter(registrant=back.registrant).first()
    return lambda: returns.withdraw_return(back=back, by=by, premises=place)


@calls(returns.label_return, Event.RETURN_LABELLED)
def label() -> Act:
    """A clerk sends a label."""
    back, by = begun(), person(CLERK)
    return lambda: returns.label_return(back=back, by=by, carrier="office", tracking="")


@calls(returns.send_return, Event.RETURN_SENT)
def send() -> Act:
    """The carrier has it."""
    back = labelled()
    by = owner_in(back)
    return lambda: returns.send_return(back=back, by=by)


@calls(returns.receive_return, Event.RETURN_RECEIVED)
def receive() -> Act:
    """The parcel is there."""
    back, by = labelled(), person(CLERK)
    return lambda: returns.receive_return(back=back, by=by, serial=back.core.serial)


@calls(returns.inspect_return, Event.RETURN_INSPECTED)
def inspect() -> Act:
    """It is looked at."""
    back, by, picture = received(), person(CLERK), snap()
    return lambda: returns.inspect_return(back=back, by=by, parts=[], note="Clean", pictures=[picture])


@calls(returns.accept_return, Event.RETURN_ACCEPTED)
def accept() -> Act:
    """It is accepted."""
    back, by = inspected(), person(CLERK)
    return lambda: returns.accept_return(back=back, by=by)


@calls(returns.report_missing_core, Event.RETURN_REJECTED)
def report_missing() -> Act:
    """Nothing was in the parcel."""
    back, by, act, words = labelled(), person(CLERK), returns.report_missing_core, "Nothing was in it"
    return lambda: act(back=back, by=by, serial="", reason=words, pictures=[snap()])


@calls(returns.undo_parcel, Event.RETURN_UNDONE)
def undo() -> Act:
    """It was a mistake."""
    back, by = accepted(), person(CLERK)
    return lambda: returns.undo_parcel(back=back, by=by, reason="Another parcel")


@calls(returns.pay_return, Event.RETURN_REFUNDED)
def pay() -> Act:
    """The money goes back."""
    back, by = accepted(), person(CLERK)
    return lambda: returns.pay_return(back=back, by=by)
