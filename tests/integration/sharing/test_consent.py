"""Views that an owner allows at a moment: a table of conditions, compared with a naive statement of the rules."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings, strategies as st

from integration.sharing import hours
from integration.sharing.models import SharingAgreement, SharingMode, SharingPause, SharingRule
from integration.sharing.policies import OWNER_CONDITIONS, Asked, failed_condition
from tests.integration.sharing.naive import HERE, may_be_seen

NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NOON = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
"""A Wednesday, 12 noon in Chicago."""

moments = st.datetimes(datetime(2026, 2, 20), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
days = st.dates(date(2026, 2, 20), date(2026, 12, 31)).map(date.isoformat)
edges = st.integers(0, 24 * 60 - 1)
typed_rows = st.tuples(st.sampled_from(list(hours.SPANS)), edges, edges).filter(lambda row: row[1] != row[2])
typed_weeks = st.lists(typed_rows, max_size=5)


def agreement_of(signed_at: datetime = NOON - timedelta(days=9), ends_on: date = date(2027, 3, 1)) -> SharingAgreement:
    return SharingAgreement(signed_at=signed_at, ends_on=ends_on)


def scheduled(week: hours.Week, *, closed: list[str] | None = None, opened: list[str] | None = None) -> SharingRule:
    return SharingRule(mode=SharingMode.SCHEDULE, week=week, closed_days=closed or [], open_days=opened or [])


def minutes_of(typed: list[hours.Row]) -> set[tuple[str, str]]:
    """Walk each stretch minute by minute over the clock, from its day into the next where it ends before it begins."""
    found = set()
    for days, begin, end in typed:
        for day, minute in product(days, range(begin, begin + (end - begin) % (24 * 60))):
            name = NAMES[(int(day) + minute // (24 * 60)) % 7]
            found.add((name, f"{minute % (24 * 60) // 60:02}:{minute % 60:02}"))
    return found


@dataclass(frozen=True)
class Case:
    """A case of the rules. signed: so many days ago, and in how many days the signature ends."""

    now: datetime
    mode: str
    minutes_left: int | None = None
    typed: list[hours.Row] = field(default_factory=list)
    closed: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    today_is: str = ""
    signed: tuple[int, int] | None = (5, 30)
    over: str = ""
    paused: str = ""


cases = st.builds(
    Case,
    now=moments,
    mode=st.sampled_from(SharingMode.values),
    minutes_left=st.none() | st.integers(-600, 600),
    typed=typed_weeks,
    closed=st.frozensets(days, max_size=4),
    opened=st.frozensets(days, max_size=4),
    today_is=st.sampled_from(["closed", "open", ""]),
    signed=st.none() | st.tuples(st.integers(-10, 400), st.integers(-10, 400)),
    over=st.sampled_from(["", "", "revoked_at", "replaced_at", "ended_at"]),
    paused=st.sampled_from(["", "", "lasting", "ended"]),
)

SHOWN_TWICE = Case(datetime(2026, 11, 1, 7, 30, tzinfo=UTC), "schedule", typed=[("6", 60, 120)])
"""The hour that the clock shows twice when daylight saving time ends."""

PAST_MIDNIGHT = Case(datetime(2026, 3, 9, 10, 0, tzinfo=UTC), "schedule", typed=[("6", 22 * 60, 6 * 60)])
"""The Monday morning after daylight saving time began, in hours that began on Sunday night."""


@settings(max_examples=300)
@given(cases)
@example(SHOWN_TWICE)
@example(PAST_MIDNIGHT)
def test_it_says_what_the_rules_say(case: Case) -> None:
    now, today = case.now, case.now.astimezone(HERE).date()
    closed = case.closed | {today.isoformat()} if case.today_is == "closed" else case.closed
    opened = case.opened | {today.isoformat()} if case.today_is == "open" else case.opened
    until = None if case.minutes_left is None else now + timedelta(minutes=case.minutes_left)
    typed = hours.week_of(case.typed)
    week = hours.outside(typed) if case.mode == "outside" else hours.joined(typed)
    rule = scheduled(week, closed=sorted(closed), opened=sorted(opened))
    rule.mode, rule.shared_until = case.mode, until
    agreement = None
    if case.signed is not None:
        agreement = agreement_of(now - timedelta(days=case.signed[0]), today + timedelta(days=case.signed[1]))
        if case.over:
            setattr(agreement, case.over, now)
    pause = SharingPause(began_at=now, ended_at=now if case.paused == "ended" else None) if case.paused else None
    expected = may_be_seen(
        now=now,
        mode=case.mode,
        shared_until=until,
        open_minutes=minutes_of(case.typed),
        closed_days=set(closed),
        open_days=set(opened),
        signed=(agreement.signed_at, agreement.ends_on.isoformat()) if agreement else None,
        is_over=bool(case.over),
        is_paused=case.paused == "lasting",
    )
    assert (failed_condition(Asked(rule, agreement, pause, now)) is None) == expected


@pytest.mark.parametrize("case", [SHOWN_TWICE, PAST_MIDNIGHT])
def test_a_week_is_read_off_the_clock_on_the_wall(case: Case) -> None:
    assert failed_condition(Asked(scheduled(hours.week_of(case.typed)), agreement_of(case.now), None, case.now)) is None


@pytest.mark.parametrize(
    ("name", "rule", "agreement", "pause"),
    [
        ("agreement", SharingRule(mode="incident"), None, None),
        ("pause", SharingRule(mode="incident"), agreement_of(), SharingPause(began_at=NOON)),
        ("mode", None, agreement_of(), None),
        ("mode", SharingRule(mode="never"), agreement_of(), None),
        ("mode", SharingRule(mode="something new"), agreement_of(), None),
        ("shared now", SharingRule(mode="ask"), agreement_of(), None),
        ("hours", scheduled([]), agreement_of(), None),
        ("hours", SharingRule(mode="outside", week=[[]] * 7), agreement_of(), None),
    ],
)
def test_each_condition_has_its_sentence(
    name: str, rule: SharingRule | None, agreement: SharingAgreement | None, pause: SharingPause | None
) -> None:
    answer = failed_condition(Asked(rule, agreement, pause, NOON))
    assert answer is not None
    assert answer.name == name
    assert str(answer.sentence).endswith(".")
    assert len({str(condition.sentence) for condition in OWNER_CONDITIONS}) == len(OWNER_CONDITIONS)


def test_the_last_day_counts_to_its_end_on_the_agencys_clock() -> None:
    agreement = agreement_of(ends_on=date(2026, 3, 4))
    last = datetime(2026, 3, 4, 23, 59, 59, tzinfo=ZoneInfo("America/Chicago"))
    rule = SharingRule(mode="incident")
    assert failed_condition(Asked(rule, agreement, None, last)) is None
    assert failed_condition(Asked(rule, agreement, None, last + timedelta(seconds=1)))
