"""No sequence of acts leaves a view readable that the rules forbid, from the commit of the act on."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.integration.live.gate.gate_machine import GateMachine

pytestmark = pytest.mark.django_db(transaction=True)

UNHURRIED: dict[str, Any] = {"suppress_health_check": list(HealthCheck)}


def test_no_sequence_of_acts_shows_what_the_rules_forbid() -> None:
    run_state_machine_as_test(GateMachine, settings=settings(max_examples=6, stateful_step_count=14, **UNHURRIED))


@pytest.mark.long
def test_no_long_sequence_does_either() -> None:
    run_state_machine_as_test(
        GateMachine, settings=settings(max_examples=20, stateful_step_count=40, derandomize=False, **UNHURRIED)
    )
