"""Steps of returns."""

from collections.abc import Callable

from registry.places.models import Premises
from shop.payments.gateway.answers import RefundStatus
from shop.payments.services import refunds
from shop.returns import services as returns
from shop.returns.models import Return
from shop.returns.states import RETURN, UNDOABLE, WAY, ReturnState as State
from tests.factories import person
from tests.lifecycle.drivers import Taken, beginning, drives, take
from tests.shop.orders.orders import gateway
from tests.shop.returns.returned import accepted, inspected, missing, of_check, owner_in, received, return_at, snap

CLERK, OWNER, TASK = "clerk", "business", "task"
Act = Callable[[Return, str], object]


def withdraw(back: Return, _role: str) -> object:
    """Its owner keeps the CORE."""
    by = owner_in(back)
    return returns.withdraw_return(
        back=back, by=by, premises=Premises.objects.filter(registrant=back.registrant).first()
    )


def receive(back: Return, role: str) -> object:
    """The parcel is there."""
    return returns.receive_return(back=back, by=person(role), serial=back.core.serial)


def report_missing(back: Return, role: str) -> object:
    """The parcel came without the CORE."""
    act, words = returns.report_missing_core, "Nothing was in it"
    return act(back=back, by=person(role), serial="", reason=words, pictures=[snap()])


def sent(back: Return, role: str) -> object:
    """The carrier has it."""
    return returns.send_return(back=back, by=owner_in(back) if role == OWNER else person(role))


STEPS: dict[tuple[State, State], tuple[Act, tuple[str, ...]]] = {
    (State.REQUESTED, State.APPROVED): (
        lambda back, role: returns.approve_return(back=back, by=person(role)),
        (CLERK,),
    ),
    (State.REQUESTED, State.DECLINED): (
        lambda back, role: returns.decline_return(back=back, by=person(role), reason="Bought by another"),
        (CLERK,),
    ),
    (State.REQUESTED, State.WITHDRAWN): (withdraw, (OWNER,)),
    (State.APPROVED, State.WITHDRAWN): (withdraw, (OWNER,)),
    (State.LABEL_SENT, State.WITHDRAWN): (withdraw, (OWNER,)),
    (State.APPROVED, State.LABEL_SENT): (
        lambda back, role: returns.label_return(back=back, by=person(role), carrier="office", tracking=""),
        (CLERK,),
    ),
    (State.LABEL_SENT, State.IN_TRANSIT): (sent, (OWNER, CLERK)),
    (State.APPROVED, State.RECEIVED): (receive, (CLERK,)),
    (State.LABEL_SENT, State.RECEIVED): (receive, (CLERK,)),
    (State.IN_TRANSIT, State.RECEIVED): (receive, (CLERK,)),
    (State.APPROVED, State.REJECTED): (report_missing, (CLERK,)),
    (State.LABEL_SENT, State.REJECTED): (report_missing, (CLERK,)),
    (State.IN_TRANSIT, State.REJECTED): (report_missing, (CLERK,)),
    (State.RECEIVED, State.INSPECTED): (lambda back, _role: inspected(back), (CLERK,)),
    (State.INSPECTED, State.ACCEPTED): (lambda back, role: returns.accept_return(back=back, by=person(role)), (CLERK,)),
    (State.ACCEPTED, State.REFUNDING): (
        lambda back, role: returns.pay_return(back=back, by=person(role)),
        (CLERK, "administrator"),
    ),
}


def driver(source: State, act: Act) -> Callable[[str], Taken]:
    """Return a driver that walks a return to a state and takes the step from there."""

    def drive(role: str) -> Taken:
        back = beginning(return_at, source)
        return take(back, lambda: act(back, role))

    return drive


for (begin, end), (step, roles) in STEPS.items():
    drives(RETURN, begin, end, *roles)(driver(begin, step))


def walk_to(state: State, away: State) -> Return:
    """Return one whose parcel was written down after it had come so far."""
    waits = beginning(return_at, away)
    walks = {
        State.RECEIVED: received,
        State.INSPECTED: inspected_of,
        State.ACCEPTED: accepted_of,
        State.REJECTED: missing,
    }
    return walks[state](waits)


def inspected_of(back: Return) -> Return:
    """Receive and inspect."""
    return inspected(received(back))


def accepted_of(back: Return) -> Return:
    """Receive, inspect and accept."""
    return accepted(received(back))


def undoes(state: State, away: State) -> Callable[[str], Taken]:
    """Return a driver that takes back what was written down of a parcel."""

    def drive(role: str) -> Taken:
        back = walk_to(state, away)
        return take(back, lambda: returns.undo_parcel(back=back, by=person(role), reason="The wrong parcel"))

    return drive


for away in WAY:
    for written in UNDOABLE:
        drives(RETURN, written, away, CLERK)(undoes(written, away))


@drives(RETURN, State.REFUNDING, State.CLOSED, TASK)
def arrive(_role: str) -> Taken:
    """The payment service has paid it out."""
    back = beginning(return_at, State.REFUNDING)
    return take(back, lambda: refunds.send(pk=back.refunds.get().pk))


@drives(RETURN, State.CLOSED, State.REFUNDING, TASK)
def bounce(_role: str) -> Taken:
    """The bank sends it back days later."""
    back = beginning(return_at, State.CLOSED)
    refund = back.refunds.get()
    failed = gateway().move(refund.gateway_id, RefundStatus.FAILED)
    return take(back, lambda: refunds.apply_answer(pk=refund.pk, answer=failed))


@drives(RETURN, State.REFUNDING, State.CLOSED, "clerk", "administrator")
def by_check(role: str) -> Taken:
    """It is paid out by check, as the order was paid."""
    back = of_check()
    refund = back.refunds.get()
    return take(back, lambda: refunds.pay_out(refund=refund, by=person(role), check_number="2041"))
