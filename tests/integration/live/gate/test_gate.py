"""The table of conditions of the view gate, held against a naive statement of the rules."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from fusus_portal.ground.agency.models import Document
from integration.critical.models import Declaration
from integration.live.policies import BY_NAME, CONDITIONS, Facts, Granted, decide, failed_decision
from integration.sharing import policies as sharing
from integration.sharing.models import SharingAgreement, SharingPause, SharingRule
from tests.factories import LINN_PARK, north_of
from tests.integration.sharing.naive import may_see

NOW = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
RADIUS = 500.0


@dataclass(frozen=True)
class Case:
    """Facts of one case; each field is one thing that the rules speak of. Times in minutes from now."""

    is_open: bool = True
    is_verified: bool = True
    declared: tuple[int, int, str] | None = (-10, 60, "in_force")
    kind: str = "supervisor"
    elsewhere: bool = False
    named: bool = True
    chosen: bool = True
    meters: float = 100.0
    precision: str = "pinned"
    connected: bool = True
    core: str = "active"
    mode: str = "incident"
    signed: bool = True
    paused: bool = False
    camera_paused: bool = False
    role: str = "deputy"
    active: bool = True
    assigned: bool = True
    reason: str | None = "why"
    granted: tuple[str, int, int, bool] | None = None
    safe: bool = True


mostly = st.sampled_from([True, True, True, True, True, False])
cases = st.builds(
    Case,
    is_open=mostly,
    is_verified=mostly,
    declared=st.none()
    | st.tuples(
        st.integers(-30, 3),
        st.integers(4, 60),
        st.sampled_from(["in_force", "in_force", "in_force", "proposed", "ended"]),
    )
    | st.tuples(st.integers(-300, -200), st.integers(-100, 1), st.just("in_force")),
    kind=st.sampled_from(["supervisor", "type", "break_glass"]),
    elsewhere=mostly.map(lambda yes: not yes),
    named=mostly,
    chosen=mostly,
    meters=st.floats(0, 520) | st.sampled_from([499.0, 500.0, 500.9, 501.1, 600.0]),
    precision=st.sampled_from(["pinned", "pinned", "rooftop", "area"]),
    connected=mostly,
    core=st.sampled_from(["active", "active", "active", "suspended", "returning", "shipped"]),
    mode=st.sampled_from(["incident", "incident", "never", "ask"]),
    signed=mostly,
    paused=mostly.map(lambda yes: not yes),
    camera_paused=mostly.map(lambda yes: not yes),
    role=st.sampled_from(["deputy", "supervisor", "deputy", "auditor", "administrator", "business"]),
    active=mostly,
    assigned=mostly,
    reason=st.sampled_from(["why", None, "", "  "]),
    granted=st.none()
    | st.tuples(
        st.sampled_from(["running", "running", "running", "ended"]), st.integers(-5, 30), st.integers(0, 40), mostly
    ),
    safe=mostly,
)


def agreement_of(case: Case) -> SharingAgreement:
    """Return what the business signed."""
    document = Document(kind="sharing", number=2, names_glass=case.named)
    return SharingAgreement(document=document, signed_at=NOW, ends_on=NOW.date() + timedelta(days=9))


def facts_of(case: Case) -> Facts:
    """Return the facts as the gate reads them."""
    declared = None
    if case.declared:
        begins, ends, state = case.declared
        declared = Declaration(
            latitude=LINN_PARK.latitude,
            longitude=LINN_PARK.longitude,
            radius_m=RADIUS,
            kind=case.kind,
            state=state,
            starts_at=NOW + timedelta(minutes=begins),
            ends_at=NOW + timedelta(minutes=ends),
        )
    return Facts(
        now=NOW,
        is_open=case.is_open,
        is_verified=case.is_verified,
        declaration=declared,
        point=north_of(LINN_PARK, case.meters),
        precision=case.precision,
        is_connected=case.connected,
        core_state=case.core,
        rule=SharingRule(mode=case.mode, allows_glass=case.chosen),
        agreement=agreement_of(case) if case.signed else None,
        pause=SharingPause(began_at=NOW) if case.paused else None,
        is_camera_paused=case.camera_paused,
        role=case.role,
        is_active=case.active,
        is_assigned=case.assigned,
        reason=case.reason,
        is_safe=case.safe,
        was_seen_otherwise=case.kind == "break_glass" and case.elsewhere,
        granted=granted_of(case),
    )


def granted_of(case: Case) -> Granted | None:
    """Return the view that was granted before, if any."""
    if not case.granted:
        return None
    state, ends, used, here = case.granted
    return Granted(state, NOW + timedelta(minutes=ends), timedelta(minutes=used), timedelta(minutes=30), is_here=here)


@settings(max_examples=600)
@given(cases)
def test_it_says_what_the_rules_say(case: Case) -> None:
    facts = facts_of(case)
    declared = case.declared and (
        NOW + timedelta(minutes=case.declared[0]),
        NOW + timedelta(minutes=case.declared[1]),
        case.declared[2],
        RADIUS,
    )
    grant = case.granted and {
        "state": case.granted[0],
        "ends": NOW + timedelta(minutes=case.granted[1]),
        "used": case.granted[2],
        "allowed": 30,
        "here": case.granted[3],
    }
    expected = may_see(
        incident={
            "open": case.is_open,
            "verified": case.is_verified,
            "glass": case.kind == "break_glass",
            "chosen": case.named and case.chosen,
        },
        declared=declared,
        meters=LINN_PARK.distance_m(facts.point),
        pinned=case.precision in ("pinned", "rooftop"),
        camera={"connected": case.connected, "registered": True, "paused": case.camera_paused},
        core=case.core,
        owner_allows=sharing.failed_condition(sharing.Asked(facts.rule, facts.agreement, facts.pause, NOW)) is None,
        deputy={"role": case.role, "active": case.active, "assigned": case.assigned},
        reason=case.reason,
        grant=grant,
        now=NOW,
        safe=case.safe,
        elsewhere=case.elsewhere,
    )
    assert bool(decide(facts)) == expected


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("incident open", {"is_open": False}),
        ("incident verified", {"is_verified": False}),
        ("incident verified", {"is_verified": False, "kind": "break_glass", "declared": None}),
        ("declared critical", {"is_verified": False, "kind": "break_glass", "declared": (-40, -10, "in_force")}),
        ("declared critical", {"is_verified": False, "kind": "break_glass", "declared": (-10, 60, "ended")}),
        ("mode", {"is_verified": False, "kind": "break_glass", "mode": "never"}),
        ("declared critical", {"declared": None}),
        ("declared critical", {"declared": (-300, 0, "in_force")}),
        ("declared critical", {"declared": (-10, 60, "ended")}),
        ("another glass", {"kind": "break_glass", "elsewhere": True}),
        ("another glass", {"is_verified": False, "kind": "break_glass", "elsewhere": True, "mode": "never"}),
        ("place", {"precision": "area"}),
        ("radius", {"meters": 502.0}),
        ("connected", {"connected": False}),
        ("core", {"core": "suspended"}),
        ("agreement", {"signed": False}),
        ("pause", {"paused": True}),
        ("pause", {"camera_paused": True}),
        ("mode", {"mode": "never"}),
        ("shared now", {"mode": "ask"}),
        ("hours", {"mode": "schedule"}),
        ("glass agreement", {"kind": "break_glass", "named": False}),
        ("glass agreement", {"is_verified": False, "kind": "break_glass", "named": False, "chosen": False}),
        ("glass", {"kind": "break_glass", "chosen": False}),
        ("assigned", {"assigned": False}),
        ("assigned", {"role": "auditor"}),
        ("assigned", {"active": False}),
        ("reason", {"reason": "  "}),
        ("running", {"granted": ("ended", 10, 0, True)}),
        ("time", {"granted": ("running", 0, 0, True)}),
        ("time", {"granted": ("running", 10, 30, True)}),
        ("viewer", {"granted": ("running", 10, 0, False)}),
        ("live store", {"safe": False}),
    ],
)
def test_each_condition_has_its_sentence_and_says_what_would_change_it(name: str, change: dict[str, object]) -> None:
    answer = decide(facts_of(replace(Case(), **change)))  # type: ignore[arg-type]
    assert answer.name == name
    assert answer.sentence.endswith(".")
    assert answer.change or " until " in answer.sentence


def test_no_two_conditions_say_the_same() -> None:
    assert (
        len({str(condition.sentence) for condition in CONDITIONS})
        == len({c.name for c in CONDITIONS})
        == len(CONDITIONS)
    )


def test_a_yes_has_no_sentence() -> None:
    answer = decide(facts_of(Case(granted=("running", 10, 0, True))))
    assert answer
    assert (answer.name, answer.sentence, answer.change) == ("", "", "")


def test_a_name_that_nobody_knows_fails_too() -> None:
    assert not failed_decision("no such condition")
    assert failed_decision("pause").name == "pause"
    assert all(len(name) <= 30 for name in BY_NAME)
