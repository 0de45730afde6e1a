"""Whatever people, the service and time do, in any order: the shop's invariants hold (1, 2, 3, 5, 7, 10, 11, 12)."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from fusus_portal.notifications.publishing import broker
from tests.database.clone import Clone
from tests.peers.payments import PaymentPeer
from tests.shop.machine import Shop

pytestmark = pytest.mark.django_db(transaction=True)

FEW, MANY = 100, 2_000
UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@pytest.fixture
def machine(payment_peer: PaymentPeer, portal_db: Clone, monkeypatch: pytest.MonkeyPatch) -> type[Shop]:
    """Return the machine at the payment peer; each of its runs has an empty database. No worker hears of anything."""
    monkeypatch.setattr(broker, "offer", lambda *arguments, **named: True)

    class AtThePeer(Shop):
        peer = payment_peer

        def teardown(self) -> None:
            super().teardown()
            portal_db.reset()

    return AtThePeer


def run(machine: type[Shop], *, runs: int, steps: int, same: bool) -> None:
    """Take so many steps in so many runs. same: the same ones each time."""
    chosen = settings(
        max_examples=runs,
        stateful_step_count=steps,
        derandomize=same,
        deadline=None,
        database=None,
        suppress_health_check=UNHURRIED,
        print_blob=True,
    )
    run_state_machine_as_test(machine, settings=chosen)


def test_the_invariants_hold(machine: type[Shop]) -> None:
    run(machine, runs=4, steps=40, same=True)
    assert machine.steps >= FEW


@pytest.mark.long
def test_the_invariants_hold_for_thousands_of_steps(machine: type[Shop]) -> None:
    run(machine, runs=60, steps=50, same=False)
    assert machine.steps >= MANY
