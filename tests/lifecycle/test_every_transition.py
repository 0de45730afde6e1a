"""Every step of every lifecycle, complete by construction.

What the tables allow is taken by its service and leaves its entry; every other pair of states and every other role
is refused. A step added to a table without a driver in `drivers/` fails here, and so does a driver of a step
that is gone.
"""

from importlib import import_module
from itertools import product
from pathlib import Path

import pytest

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Lifecycle, Refused, Stale, all_lifecycles
from tests.lifecycle import drivers
from tests.lifecycle.drivers import DRIVERS

for module in sorted(Path(drivers.__file__).parent.glob("[a-z]*.py")):
    import_module(f"{drivers.__name__}.{module.stem}")

LIFECYCLES = {lifecycle.name: lifecycle for lifecycle in all_lifecycles()}
ROLES = {*Role.values, "link", "device", "task", "visitor"} | {
    role for lifecycle in LIFECYCLES.values() for rule in lifecycle.transitions.values() for role in rule.who
}
STEPS = [
    pytest.param(name, source, target, role, id=f"{name}: {source} to {target} as {role}")
    for name, lifecycle in LIFECYCLES.items()
    for (source, target), rule in lifecycle.transitions.items()
    for role in sorted(rule.who)
]
PAIRS = [
    pytest.param(lifecycle, source, target, id=f"{name}: {source} to {target}")
    for name, lifecycle in LIFECYCLES.items()
    for source, target in product(lifecycle.states.values, repeat=2)
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "source", "target", "role"), STEPS)
def test_a_step_of_the_table_is_taken_by_its_service_and_leaves_its_entry(
    name: str, source: str, target: str, role: str
) -> None:
    driver = DRIVERS.get((name, source, target), {}).get(role)
    assert driver is not None, f"no test takes the {name} from {source!r} to {target!r} as {role!r}"
    taken = driver(role)
    assert taken.source == source
    taken.row.refresh_from_db()
    assert taken.row.state == target
    event = LIFECYCLES[name].transitions[source, target].event
    assert not event or event in events_after(taken.before)


def test_no_driver_takes_a_step_that_is_in_no_table() -> None:
    driven = {(*step, role) for step, by_role in DRIVERS.items() for role in by_role}
    assert driven == {step.values for step in STEPS}


@pytest.mark.parametrize(("lifecycle", "source", "target"), PAIRS)
def test_what_the_table_does_not_say_is_refused_to_every_role(lifecycle: Lifecycle, source: str, target: str) -> None:
    rule = lifecycle.transitions.get((source, target))
    for role in sorted(ROLES - (rule.who if rule else set())):
        with pytest.raises(Refused if rule else Stale) as refused:
            lifecycle.check(source=source, target=target, role=role, subject=("thing", "1"))
        assert refused.value.subject == ("thing", "1")
        said = rule.sentence if rule and rule.sentence else lifecycle.label(target if rule else source)
        assert said in refused.value.sentence


def events_after(entry: int) -> set[str]:
    """Return which events were recorded after an entry."""
    return set(AuditEntry.objects.filter(id__gt=entry).values_list("event", flat=True))
