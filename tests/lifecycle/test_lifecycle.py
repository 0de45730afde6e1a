"""Tests of the table that says which step may follow which."""

import pytest
from django.db.models import TextChoices

from fusus_portal.ground import lifecycle
from fusus_portal.ground.lifecycle import Lifecycle, Refused, Rule, Stale, all_lifecycles


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
            (Light.RED, Light.GREEN): Rule(who=["clock", "officer"], event="light:turn:green"),
            (Light.GREEN, Light.RED): Rule(who=["clock"], event="light:turn:red"),
            (Light.GREEN, Light.OFF): Rule(who=["officer"], event="light:switch:off"),
        },
    )


def test_it_returns_the_rule_of_a_step_that_the_role_may_take(light: Lifecycle) -> None:
    rule = light.check(source=Light.RED, target=Light.GREEN, role="officer")
    assert rule == Rule(who={"officer", "clock"}, event="light:turn:green")


def test_it_refuses_a_role_that_is_not_listed_and_names_the_subject(light: Lifecycle) -> None:
    with pytest.raises(Refused, match="to “Red”") as refused:
        light.check(source=Light.GREEN, target=Light.RED, role="officer", subject=("light", "7"))
    assert refused.value.subject == ("light", "7")


def test_a_step_that_is_not_in_the_table_is_stale_and_says_where_the_thing_is(light: Lifecycle) -> None:
    with pytest.raises(Stale, match="already “Switched off”") as stale:
        light.check(source=Light.OFF, target=Light.RED, role="officer", subject=("light", "7"))
    assert stale.value.subject == ("light", "7")


def test_staying_where_it_is_is_no_step(light: Lifecycle) -> None:
    with pytest.raises(Stale):
        light.check(source=Light.RED, target=Light.RED, role="officer")


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
