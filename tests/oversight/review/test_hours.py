"""Unusual hours: both sides of each number."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags import searches as flag_searches
from fusus_portal.oversight.review.flags.kinds import Flag, FlagKind
from fusus_portal.oversight.review.flags.searches import Call, Look, UsualHours
from tests.oversight.review.acts import MONDAY, from_dispatch, look, own

DAYS = 60
BY_DAY = dict.fromkeys(range(7, 19), DAYS // 2)
AT_THREE = MONDAY + timedelta(hours=3)


def flagged(made: list[Look], calls: Mapping[str, Call], known: Mapping[str, UsualHours]) -> list[Flag]:
    return flag_searches.odd_hours(flag_searches.looks_without_call(made, calls), known)


def night(searches: int = rules.ODD_LOOKS) -> list[Look]:
    return [look(number, at=AT_THREE + timedelta(minutes=number)) for number in range(searches)]


def test_two_searches_at_three_in_the_morning_are_flagged_for_who_works_by_day() -> None:
    [flag] = flagged(night(), {}, {"one": UsualHours(DAYS, BY_DAY)})
    assert (flag.kind, flag.person, flag.entries) == (FlagKind.ODD_HOURS, "Deputy one", (0, 1))
    assert flag.facts == {"searches": 2, "first_hour": 3, "last_hour": 3, "days": DAYS}
    assert flagged(night(rules.ODD_LOOKS - 1), {}, {"one": UsualHours(DAYS, BY_DAY)}) == []


def test_nobody_is_judged_by_a_few_days_or_by_the_day() -> None:
    few, enough = UsualHours(rules.ODD_DAYS_KNOWN - 1, BY_DAY), UsualHours(rules.ODD_DAYS_KNOWN, BY_DAY)
    assert flagged(night(), {}, {"one": few}) == flagged(night(), {}, {}) == []
    assert len(flagged(night(), {}, {"one": enough})) == 1
    noon = [look(number) for number in range(5)]
    assert flagged(noon, {}, {"one": UsualHours(DAYS, BY_DAY)}) == []


@pytest.mark.parametrize("hour", [2, 3, 4])
def test_an_hour_is_usual_from_a_twentieth_of_the_days_on_at_it_or_beside_it(hour: int) -> None:
    least = round(rules.ODD_SHARE * DAYS)
    assert flagged(night(), {}, {"one": UsualHours(DAYS, BY_DAY | {hour: least})}) == []
    assert len(flagged(night(), {}, {"one": UsualHours(DAYS, BY_DAY | {hour: least - 1})})) == 1


def test_hours_go_round_at_midnight() -> None:
    made = [look(number, at=MONDAY + timedelta(minutes=number)) for number in range(2)]
    assert flagged(made, {}, {"one": UsualHours(DAYS, {23: DAYS})}) == []
    assert len(flagged(made, {}, {"one": UsualHours(DAYS, {22: DAYS})})) == 1


def test_a_fresh_call_explains_any_hour_and_an_old_one_or_an_own_incident_does_not() -> None:
    known = {"one": UsualHours(DAYS, BY_DAY)}
    edge = AT_THREE + timedelta(minutes=1) - rules.FRESH_CALL
    for call, flags in (
        (from_dispatch(AT_THREE), 0),
        (from_dispatch(edge), 0),
        (from_dispatch(edge - timedelta(minutes=2)), 1),
        (own(), 1),
    ):
        calls = {each.incident: call for each in night()}
        assert len(flagged(night(), calls, known)) == flags
