"""Searches without a call, and incidents that nobody verified: both sides of each number."""

from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags import calls
from fusus_portal.oversight.review.flags.contract import FlagKind
from tests.oversight.review.acts import from_dispatch, lapsed, look, own


def test_a_person_is_flagged_for_searches_that_nobody_confirmed() -> None:
    several = [look(number) for number in range(rules.NO_CALL_SEARCHES)]
    [flag] = calls.of_people([*several, look(99, person="two")])
    assert (flag.kind, flag.person, flag.entries) == (FlagKind.NO_CALL, "Deputy one", (0, 1))
    assert flag.facts == {"searches": 2, "incidents": 2}
    assert calls.of_people(several[1:]) == []


def test_the_office_is_flagged_when_a_tenth_of_its_searches_had_no_call() -> None:
    without = [look(number, person=f"p{number}") for number in range(20)]
    [flag] = calls.of_office(without, 200)
    assert (flag.kind, flag.person) == (FlagKind.NO_CALL, "")
    assert flag.facts == {"searches": 20, "made": 200, "percent": 10, "people": 20}
    assert calls.of_office(without, 201) == []
    assert len(calls.of_office(without[: rules.NO_CALL_LEAST], 20)) == 1
    assert calls.of_office(without[: rules.NO_CALL_LEAST - 1], 20) == []


def test_who_searches_mostly_for_what_dispatch_does_not_know_is_flagged() -> None:
    theirs = [look(number) for number in range(rules.NO_CALL_OWN)]
    others = [look(100 + number, person="two") for number in range(rules.NO_CALL_OWN)]
    known = {each.incident: own() for each in theirs} | {each.incident: from_dispatch() for each in others}
    [flag] = calls.of_openers([*theirs, *others], known)
    assert (flag.person, flag.facts["incidents"]) == ("Deputy one", rules.NO_CALL_OWN)
    assert calls.of_openers([*theirs[1:], *others], known) == []


def test_that_needs_most_of_the_own_searches_and_an_office_with_dispatch() -> None:
    theirs = [look(number) for number in range(rules.NO_CALL_OWN)]
    called = [look(50 + number) for number in range(rules.NO_CALL_OWN)]
    others = [look(100 + number, person="two") for number in range(rules.NO_CALL_OWN)]
    known = {each.incident: own() for each in theirs}
    dispatched = {each.incident: from_dispatch() for each in (*called, *others)}
    assert calls.of_openers([*theirs, *called, *others], known | dispatched) == []
    assert len(calls.of_openers([*theirs, *called[1:], *others], known | dispatched)) == 1
    assert calls.of_openers([*theirs, *others[1:]], known | dispatched) == []


def test_an_incident_of_somebody_else_and_one_that_dispatch_confirmed_are_not_own() -> None:
    theirs = [look(number) for number in range(rules.NO_CALL_OWN)]
    others = [look(100 + number, person="two") for number in range(rules.NO_CALL_OWN)]
    dispatched = {each.incident: from_dispatch() for each in others}
    for call in (own(by="three"), from_dispatch(), lapsed()):
        known = {each.incident: call for each in theirs}
        assert calls.of_openers([*theirs, *others], known | dispatched) == []


def test_each_person_whose_incidents_lapsed_is_flagged_once() -> None:
    ended = {"a": lapsed(), "b": lapsed(), "c": lapsed(by="two")}
    flags = calls.closed(ended, [look(5, incident="a"), look(6, incident="a")])
    assert [(flag.kind, flag.person) for flag in flags] == [
        (FlagKind.UNVERIFIED, "Deputy one"),
        (FlagKind.UNVERIFIED, "Deputy two"),
    ]
    assert flags[0].entries == (1, 5, 6, 900)
    assert flags[0].facts == {"incidents": 2, "searches": 2}
    assert calls.closed({"a": own()}, []) == []
