"""Every step of every lifecycle, complete by construction.

What the tables allow is taken by its service and leaves its entry, as one of those who may; the long test takes it as
each of them. Every other pair of states and every other role is refused. A step added to a table without a driver in
`drivers/` fails here, and so does a driver of a step that is gone.
"""

from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from itertools import groupby, product
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Lifecycle, Refused, Stale, all_lifecycles
from integration.live.video.connection import live
from shop.payments.gateway import client
from tests.lifecycle import drivers
from tests.lifecycle.drivers import DRIVERS, Wanted, made
from tests.r4.world import undone

for module in sorted(Path(drivers.__file__).parent.glob("[a-z]*.py")):
    import_module(f"{drivers.__name__}.{module.stem}")

Step = tuple[str, str, str]
LIFECYCLES = {lifecycle.name: lifecycle for lifecycle in all_lifecycles()}
ROLES = {*Role.values, "link", "device", "task", "visitor"} | {
    role for lifecycle in LIFECYCLES.values() for rule in lifecycle.transitions.values() for role in rule.who
}
STEPS: dict[str, list[Step]] = {
    name: [
        (str(source), str(target), role)
        for (source, target), rule in lifecycle.transitions.items()
        for role in sorted(rule.who)
    ]
    for name, lifecycle in LIFECYCLES.items()
}
"""From, to and as whom, by lifecycle."""


@pytest.mark.django_db
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)], ids=["some", "all"])
@pytest.mark.parametrize("name", STEPS)
def test_each_step_of_the_table_is_taken_by_its_service_and_leaves_its_entry(
    name: str, whole: bool, subtests: pytest.Subtests
) -> None:
    waiting = defaultdict[tuple[Any, ...], list[Step]](list)
    for step in STEPS[name] if whole else as_one_role(STEPS[name]):
        client.use(client.make)
        with subtests.test(" to ".join(step)):
            try:
                take_and_undo(name, *step)
            except Wanted as wanted:
                waiting[wanted.beginning].append(step)
    for beginning, steps in waiting.items():
        client.use(client.make)
        with undone(), made(beginning):
            for step in steps:
                with subtests.test(" to ".join(step)):
                    take_and_undo(name, *step)


def as_one_role(steps: list[Step]) -> Iterator[Step]:
    """Yield each pair of states with one of the roles that may take it, by turns."""
    by_pair = groupby(steps, key=lambda step: step[:2])
    for turn, roles in enumerate(list(same) for _pair, same in by_pair):
        yield roles[turn % len(roles)]


def take_and_undo(name: str, source: str, target: str, role: str) -> None:
    cache.clear()
    live().flushdb()
    driver = DRIVERS.get((name, source, target), {}).get(role)
    assert driver is not None, f"no test takes the {name} from {source!r} to {target!r} as {role!r}"
    with undone():
        taken = driver(role)
        assert taken.source == source
        taken.row.refresh_from_db()
        assert taken.row.state == target
        event = LIFECYCLES[name].transitions[source, target].event
        assert not event or event in events_after(taken.before)


def test_no_driver_takes_a_step_that_is_in_no_table() -> None:
    driven = {(*step, role) for step, by_role in DRIVERS.items() for role in by_role}
    assert driven == {(name, *step) for name, steps in STEPS.items() for step in steps}


@pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES)
def test_what_the_table_does_not_say_is_refused_to_every_role(lifecycle: Lifecycle) -> None:
    states = lifecycle.states.values
    assert not [wrong for pair in product(states, states) for wrong in accepted(lifecycle, *pair)]


def accepted(lifecycle: Lifecycle, source: str, target: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield each step between two states that is not refused, or not in the words for it, with the role."""
    rule = lifecycle.transitions.get((source, target))
    expected = Refused if rule else Stale
    said = rule.sentence if rule and rule.sentence else lifecycle.label(target if rule else source)
    for role in sorted(ROLES - (rule.who if rule else set())):
        try:
            lifecycle.check(source=source, target=target, role=role, subject=("thing", "1"))
        except expected as refused:
            if refused.subject == ("thing", "1") and said in refused.sentence:
                continue
        yield lifecycle.name, source, target, role


def events_after(entry: int) -> set[str]:
    """Return which events were recorded after an entry."""
    return set(AuditEntry.objects.filter(id__gt=entry).values_list("event", flat=True))
