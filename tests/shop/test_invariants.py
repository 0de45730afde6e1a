"""Whatever people, the service and time do, in any order: the shop's invariants hold (1, 2, 3, 5, 7, 10, 11, 12)."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from fusus_portal.ground.notifications.publishing import broker
from tests.database.clone import Clone
from tests.peers.payments import PaymentPeer
from tests.shop.connections.year_machine import Years
from tests.shop.machine import Shop

pytestmark = pytest.mark.django_db(transaction=True)

SOME, MANY, MORE = 90, 500, 2_000
AtThePeer = Callable[[type[Shop]], type[Shop]]
UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@pytest.fixture
def at_the_peer(payment_peer: PaymentPeer, portal_db: Clone, monkeypatch: pytest.MonkeyPatch) -> AtThePeer:
    """Return what puts a machine at the payment peer; each of its runs has an empty database. No worker hears of it."""
    monkeypatch.setattr(broker, "offer", lambda *arguments, **named: True)

    def put(machine: type[Shop]) -> type[Shop]:
        class There(machine):  # type: ignore[misc, valid-type]
            peer = payment_peer

            def teardown(self) -> None:
                super().teardown()
                portal_db.reset()

        return There

    return put


@pytest.fixture
def machine(at_the_peer: AtThePeer) -> type[Shop]:
    """Return the machine of the shop."""
    return at_the_peer(Shop)


@pytest.fixture
def years(at_the_peer: AtThePeer) -> type[Years]:
    """Return the machine of the shop and the years of COREs."""
    made = at_the_peer(Years)
    assert issubclass(made, Years)
    return made


def run(machine: type[Shop], *, runs: int, steps: int, same: bool) -> None:
    """Take so many steps in so many runs. same: the same ones each time."""
    chosen = settings(
        max_examples=runs,
        stateful_step_count=steps,
        derandomize=same,
        database=None,
        suppress_health_check=UNHURRIED,
        print_blob=True,
    )
    run_state_machine_as_test(machine, settings=chosen)


def test_the_invariants_hold_for_many_steps(machine: type[Shop]) -> None:
    run(machine, runs=3, steps=50, same=True)
    assert machine.steps >= SOME


@pytest.mark.long
def test_they_hold_while_years_pass_for_hundreds_of_steps(years: type[Years]) -> None:
    run(years, runs=15, steps=50, same=False)
    assert years.steps >= MANY
    assert years.renewed  # how often is chance, and whether the books hold does not depend on it


@pytest.mark.long
def test_they_hold_for_thousands_of_other_steps_each_time(machine: type[Shop]) -> None:
    run(machine, runs=60, steps=50, same=False)
    assert machine.steps >= MORE
