"""Tests of the table that says which step may follow which."""

import pytest
from django.db.models import TextChoices

from fusus_portal.ground import lifecycle
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Refused, Rule, Stale, all_lifecycles


class Light(TextChoices):
    """States of a made-up thing."""

    RED = "red", "Red"
    GREEN = "green", "Green"
    OFF = "off", "Switched off"


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> Lifecycle:
    """Return a lifecycle that no other test sees."""
    monkeypatch.setattr(lifecycle, "_lifecycles", {})
    return make_light()


def make_light(name: str = "traffic light") -> Lifecycle:
    """Return a made-up lifecycle."""
    return Lifecycle(
        name=name,
        states=Light,
        start=[Light.RED],
        transitions={
            (Light.RED, Light.GREEN): Rule("light:turn:green", Permission.FULFILMENT, Other.CLOCK),
            (Light.GREEN, Light.RED): Rule("light:turn:red", Other.CLOCK),
            (Light.GREEN, Light.OFF): Rule("light:switch:off", Permission.FULFILMENT),
        },
    )


def test_it_returns_the_rule_of_a_step_that_the_role_may_take(light: Lifecycle) -> None:
    rule = light.check(source=Light.RED, target=Light.GREEN, role="clerk")
    assert sorted(rule.who) == ["clerk", "clock"]
    assert rule.event == "light:turn:green"


def test_it_refuses_a_person_without_the_permission_with_its_sentence(light: Lifecycle) -> None:
    with pytest.raises(Refused) as refused:
        light.check(source=Light.GREEN, target=Light.OFF, role="clock", subject=("light", "7"))
    assert refused.value.sentence == Permission.FULFILMENT.sentence
    assert refused.value.subject == ("light", "7")


def test_it_refuses_every_account_a_step_that_no_account_takes(light: Lifecycle) -> None:
    with pytest.raises(Refused, match="to “Red”") as refused:
        light.check(source=Light.GREEN, target=Light.RED, role="clerk", subject=("light", "7"))
    assert refused.value.subject == ("light", "7")


def test_a_step_that_is_not_in_the_table_is_stale_and_says_where_the_thing_is(light: Lifecycle) -> None:
    with pytest.raises(Stale, match="already “Switched off”") as stale:
        light.check(source=Light.OFF, target=Light.RED, role="clerk", subject=("light", "7"))
    assert stale.value.subject == ("light", "7")


def test_staying_where_it_is_is_no_step(light: Lifecycle) -> None:
    with pytest.raises(Stale):
        light.check(source=Light.RED, target=Light.RED, role="clerk")


def test_too_late_is_said_before_not_allowed(light: Lifecycle) -> None:
    with pytest.raises(Stale):
        light.check(source=Light.OFF, target=Light.GREEN, role="passer-by")


def test_it_knows_what_may_follow(light: Lifecycle) -> None:
    assert light.targets(Light.GREEN) == ("red", "off")
    assert light.targets(Light.OFF) == ()


def test_two_lifecycles_of_one_name_are_refused(light: Lifecycle) -> None:
    with pytest.raises(ValueError, match="two lifecycles are called 'traffic light'"):
        make_light()


def test_all_are_listed_by_name(light: Lifecycle) -> None:
    make_light("arc lamp")
    assert [found.name for found in all_lifecycles()] == ["arc lamp", "traffic light"]
