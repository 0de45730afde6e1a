"""Sentences and buttons on the pages of critical incidents, at each state."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.pages.components import Action
from integration.critical import policies, presenters
from integration.critical.models import Declaration
from integration.critical.policies import is_in_force
from integration.critical.presenters import State
from integration.rules import LARGEST_RADIUS_M
from registry.incidents.models import Incident, IncidentType
from tests.factories import LINN_PARK, incident_at, north_of, person
from tests.integration.critical.scenes import scene

NOW = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())
LATER, SECOND = NOW + timedelta(hours=4), timedelta(seconds=1)
ANA, BEN = User(pseudonym="Supervisor ANA1"), User(pseudonym="Deputy BEN2")


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def incident(**columns: Any) -> Incident:
    """Return an incident that is not saved."""
    point = {"latitude": LINN_PARK.latitude, "longitude": LINN_PARK.longitude}
    return Incident(number="2026-1", type=IncidentType(name="Robbery"), place="Linn Park", **point, **columns)


def declared(kind: str = "supervisor", **columns: Any) -> Declaration:
    """Return a declaration in force that is not saved."""
    usual = {"state": "in_force", "radius_m": 500.0, "declared_by": ANA, "declared_at": NOW, "reason": "A gun"}
    return Declaration(
        incident=incident(), kind=kind, **{**usual, "starts_at": NOW, "ends_at": LATER, "justify_by": LATER, **columns}
    )


def waiting(kind: str = "supervisor") -> Declaration:
    return declared(kind, state="proposed", starts_at=None, ends_at=None)


def state_of(
    *, in_force: Declaration | None = None, waits: Declaration | None = None, broken: Declaration | None = None
) -> State:
    return State(incident(), in_force, waits, broken)


@pytest.mark.parametrize(
    ("state", "tag", "said", "waits", "owes"),
    [
        (state_of(), "Not critical", "No connected camera can be seen live", "", ""),
        (state_of(in_force=declared()), "Critical until", "Supervisor ANA1 · June 15, 2026, 12:00 p.m.", "", ""),
        (state_of(in_force=declared(ends_at=None)), "Not critical", "Supervisor ANA1 · Jun", "", ""),
        (state_of(waits=waiting()), "Waits for a second person", "No connected", "asks a second supervisor", ""),
        (state_of(waits=waiting("break_glass")), "Waits for", "No connected", "asks another deputy or supervisor", ""),
        (
            state_of(broken=declared("break_glass", seconded_by=BEN)),
            "Not critical",
            "Supervisor ANA1 asked for broken glass, and Deputy BEN2 confirmed it. Nobody had checked the incident",
            "",
            "Supervisor ANA1 and Deputy BEN2 broke the glass. One of them must say why by",
        ),
        (
            state_of(broken=declared("break_glass", overdue_at=NOW)),
            "Not critical",
            "The glass was broken",
            "",
            "Overdue: nobody has said",
        ),
        (state_of(broken=declared("break_glass", justified_at=NOW)), "Not critical", "The glass was broken", "", ""),
    ],
)
def test_how_an_incident_stands(state: State, tag: str, said: str, waits: str, owes: str) -> None:
    found = (presenters._tag(state)[0], presenters._said(state)[0], presenters._waits(state), presenters._owes(state))
    for words, part in zip(found, (tag, said, waits, owes), strict=True):
        assert part in words
        assert bool(words) is bool(part)


@pytest.mark.parametrize(
    ("declaration", "label", "lines"),
    [
        (declared(), "In force", ["A gun", "June 15, 2026, 12:00 p.m. to 4:00 p.m. CDT"]),
        (waiting(), "Waits", ["A gun", "June 15, 2026, 12:00 p.m. CDT"]),
        (
            declared(state="ended", end="closed", ended_at=NOW + timedelta(hours=1)),
            "The incident was closed",
            ["A gun", "June 15, 2026, 12:00 p.m. to 1:00 p.m. CDT"],
        ),
        (
            declared("break_glass"),
            "In force",
            ["A gun", "June 15, 2026, 12:00 p.m. to 4:00 p.m. CDT", "Nobody has said yet why the glass was broken."],
        ),
        (
            declared("break_glass", justification="He ran", justified_by=BEN, justified_at=NOW),
            "In force",
            [
                "A gun",
                "June 15, 2026, 12:00 p.m. to 4:00 p.m. CDT",
                "Why the glass was broken, as Deputy BEN2 wrote on June 15, 2026, 12:00 p.m. CDT: He ran",
            ],
        ),
        (waiting("break_glass"), "Waits", ["A gun", "June 15, 2026, 12:00 p.m. CDT"]),
    ],
)
def test_the_history_of_an_incident(declaration: Declaration, label: str, lines: list[str]) -> None:
    words, _kind, said = presenters._line(declaration)
    assert words.startswith(label)
    assert said[1:] == lines


@pytest.mark.parametrize(
    ("people", "who"),
    [
        ({}, "Supervisor ANA1"),
        ({"seconded_by": BEN}, "Supervisor ANA1 and Deputy BEN2"),
        ({"declared_by": None, "kind": "type"}, "Its type, as dispatch sent it"),
    ],
)
def test_who_declared_it(people: dict[str, Any], who: str) -> None:
    assert presenters._who(declared(**people)) == who


def test_its_facts_say_until_when_it_is_in_force_once_it_is() -> None:
    facts = dict(presenters.declaration_facts(declared()))
    assert facts["In force until"] == "June 15, 2026, 4:00 p.m. CDT"
    assert facts["Declared by"] == "Supervisor ANA1"
    assert (
        dict(presenters.declaration_facts(declared(seconded_by=BEN)))["Declared by"]
        == "Supervisor ANA1 and Deputy BEN2"
    )
    assert "In force until" not in dict(presenters.declaration_facts(waiting()))
    assert dict(presenters.declaration_facts(waiting()))["Asked by"] == "Supervisor ANA1"
    assert dict(presenters.declaration_facts(declared("type", declared_by=None)))["Declared by"].startswith("Its type")


@pytest.mark.parametrize(
    ("columns", "counts"),
    [
        ({}, True),
        ({"starts_at": NOW + SECOND}, False),
        ({"ends_at": NOW}, False),
        ({"ends_at": NOW + SECOND}, True),
        ({"state": "proposed"}, False),
        ({"starts_at": None}, False),
        ({"ends_at": None}, False),
    ],
)
def test_a_declaration_counts_from_its_first_moment_and_not_at_its_last(columns: dict[str, Any], counts: bool) -> None:
    assert is_in_force(declared(**columns), NOW) is counts


def test_the_first_day_is_over_after_24_hours() -> None:
    day = timedelta(hours=24)
    assert policies.last_moment_of_day(NOW - day + SECOND, NOW, incident=incident()) == NOW + SECOND
    assert policies.last_moment_of_day(None, NOW, incident=incident()) == NOW + day
    with pytest.raises(Stale, match="24 hours"):
        policies.last_moment_of_day(NOW - day, NOW, incident=incident())


@pytest.mark.parametrize("radius", [25, LARGEST_RADIUS_M])
def test_a_circle_has_a_radius_within_its_bounds(radius: float) -> None:
    assert policies.check_circle(None, radius, incident=incident()) == (LINN_PARK, radius)


@pytest.mark.parametrize("radius", [24.9, LARGEST_RADIUS_M + 0.1, float("nan")])
def test_a_circle_beyond_them_is_refused(radius: float) -> None:
    with pytest.raises(ValidationError, match="The radius must be between"):
        policies.check_circle(None, radius, incident=incident())


def test_a_circle_holds_the_place_of_the_incident() -> None:
    middle = north_of(LINN_PARK, 300)
    assert policies.check_circle(middle, middle.distance_m(LINN_PARK), incident=incident())[0] == middle
    with pytest.raises(ValidationError, match="must hold the place"):
        policies.check_circle(middle, middle.distance_m(LINN_PARK) - 0.1, incident=incident())
    assert policies.check_circle(None, None, incident=incident())[1] == 500


def test_one_of_the_two_says_why_and_once() -> None:
    broken = declared("break_glass", seconded_by=BEN)
    for one in (ANA, BEN):
        policies.may_justify_glass(one, broken)
    with pytest.raises(Refused, match="One of the two"):
        policies.may_justify_glass(User(), broken)
    for other in (declared(), waiting("break_glass")):
        with pytest.raises(Stale, match="No glass was broken"):
            policies.may_justify_glass(ANA, other)
    with pytest.raises(Stale, match="already"):
        policies.may_justify_glass(ANA, declared("break_glass", justified_at=NOW))


def named(actions: list[Action]) -> str:
    """Return the names of buttons; those that say why they can't be used now stand in brackets."""
    return " ".join(f"({each.name})" if each.reason else each.name for each in actions)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("declarations", "declares", "works"),
    [
        ({}, "(live) declare (glass)", "(live) glass"),
        ({"in_force": "supervisor"}, "(live) renew end", "live end"),
        ({"in_force": "type"}, "(live) renew end", "live end"),
        ({"in_force": "break_glass"}, "(live) declare end", "live end"),
        ({"waits": "supervisor"}, "(live) second declare decline", "(live)"),
        ({"waits": "break_glass"}, "(live) declare glass decline", "(live) glass decline"),
        ({"in_force": "supervisor", "waits": "supervisor"}, "(live) second renew end decline", "live end"),
        ({"broken": "break_glass"}, "(live) declare (justify)", "(live) (justify)"),
        ({"in_force": "break_glass", "broken": "break_glass"}, "(live) declare (justify) end", "live (justify) end"),
    ],
)
def test_what_can_be_done_about_it(declarations: dict[str, str], declares: str, works: str) -> None:
    deputy, supervisor = person("deputy"), person("supervisor")
    opened = incident_at(by=deputy)
    made = {name: waiting(kind) if name == "waits" else declared(kind) for name, kind in declarations.items()}
    state = State(opened, made.get("in_force"), made.get("waits"), made.get("broken"))
    assert named(presenters._actions(state, supervisor)) == declares
    assert named(presenters._actions(state, deputy)) == works


@pytest.mark.django_db
def test_what_the_person_who_opened_it_or_asked_can_do_about_it() -> None:
    opener, asker = person("supervisor"), person("supervisor")
    opened = incident_at(by=opener)
    assert named(presenters._actions(State(opened, None, None, None), opener)) == "(live) (declare) glass"
    both = State(opened, declared(), waiting(), None)
    assert named(presenters._actions(both, opener)) == "live (second) (renew) end"
    for kind, said in (("supervisor", "(live) (second) declare decline"), ("break_glass", "(live) declare (glass)")):
        waits = declared(kind, state="proposed", starts_at=None, ends_at=None, declared_by=asker)
        assert named(presenters._actions(State(opened, None, waits, None), asker)).startswith(said)


@pytest.mark.django_db
def test_nothing_is_declared_before_it_is_verified_or_after_its_first_day() -> None:
    opened = incident_at(verified=False)
    assert (
        named(presenters._actions(State(opened, None, None, None), person("supervisor"))) == "(live) (declare) (glass)"
    )
    made = scene()
    for hours, said in ((23, "(live) declare (glass)"), (24, "(live) (declare) (glass)")):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            assert named(presenters._actions(presenters.state_of(made.incident), made.supervisor)) == said


@pytest.mark.django_db
def test_the_glass_is_broken_once_and_a_closed_incident_only_owes_a_reason() -> None:
    deputy = person("deputy")
    opened = incident_at(by=deputy)
    again = State(opened, None, None, declared("break_glass", justified_at=NOW))
    assert named(presenters._actions(again, deputy)) == "(live) (glass)"
    opened.state = "closed"
    assert presenters._actions(again, deputy) == []
    assert named(presenters._actions(State(opened, None, None, declared("break_glass")), deputy)) == "(justify)"
