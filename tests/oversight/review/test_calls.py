"""Searches without a call, and incidents that nobody verified: both sides of each number."""

from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags import searches
from fusus_portal.oversight.review.flags.kinds import FlagKind
from tests.oversight.review.acts import from_dispatch, lapsed, look, own


def test_a_person_is_flagged_for_searches_that_nobody_confirmed() -> None:
    several = [look(number) for number in range(rules.NO_CALL_SEARCHES)]
    [flag] = searches.people_without_call([*several, look(99, person="two")])
    assert (flag.kind, flag.person, flag.entries) == (FlagKind.NO_CALL, "Deputy one", (0, 1))
    assert flag.facts == {"searches": 2, "incidents": 2}
    assert searches.people_without_call(several[1:]) == []


def test_the_office_is_flagged_when_a_tenth_of_its_searches_had_no_call() -> None:
    without = [look(number, person=f"p{number}") for number in range(20)]
    [flag] = searches.office_without_call(without, 200)
    assert (flag.kind, flag.person) == (FlagKind.NO_CALL, "")
    assert flag.facts == {"searches": 20, "made": 200, "percent": 10, "people": 20}
    assert searches.office_without_call(without, 201) == []
    assert len(searches.office_without_call(without[: rules.NO_CALL_LEAST], 20)) == 1
    assert searches.office_without_call(without[: rules.NO_CALL_LEAST - 1], 20) == []


def test_who_searches_mostly_for_what_dispatch_does_not_know_is_flagged() -> None:
    theirs = [look(number) for number in range(rules.NO_CALL_OWN)]
    others = [look(100 + number, person="two") for number in range(rules.NO_CALL_OWN)]
    known = {each.incident: own() for each in theirs} | {each.incident: from_dispatch() for each in others}
    [flag] = searches.openers_without_dispatch([*theirs, *others], known)
    assert (flag.person, flag.facts["incidents"]) == ("Deputy one", rules.NO_CALL_OWN)
    assert searches.openers_without_dispatch([*theirs[1:], *others], known) == []


def test_that_needs_most_of_the_own_searches_and_an_office_with_dispatch() -> None:
    theirs = [look(number) for number in range(rules.NO_CALL_OWN)]
    called = [look(50 + number) for number in range(rules.NO_CALL_OWN)]
    others = [look(100 + number, person="two") for number in range(rules.NO_CALL_OWN)]
    known = {each.incident: own() for each in theirs}
    dispatched = {each.incident: from_dispatch() for each in (*called, *others)}
    assert searches.openers_without_dispatch([*theirs, *called, *others], known | dispatched) == []
    assert len(searches.openers_without_dispatch([*theirs, *called[1:], *others], known | dispatched)) == 1
    assert searches.openers_without_dispatch([*theirs, *others[1:]], known | dispatched) == []


def test_an_incident_of_somebody_else_and_one_that_dispatch_confirmed_are_not_own() -> None:
    theirs = [look(number) for number in range(rules.NO_CALL_OWN)]
    others = [look(100 + number, person="two") for number in range(rules.NO_CALL_OWN)]
    dispatched = {each.incident: from_dispatch() for each in others}
    for call in (own(by="three"), from_dispatch(), lapsed()):
        known = {each.incident: call for each in theirs}
        assert searches.openers_without_dispatch([*theirs, *others], known | dispatched) == []


def test_each_person_whose_incidents_lapsed_is_flagged_once() -> None:
    ended = {"a": lapsed(), "b": lapsed(), "c": lapsed(by="two")}
    flags = searches.closed_unverified(ended, [look(5, incident="a"), look(6, incident="a")])
    assert [(flag.kind, flag.person) for flag in flags] == [
        (FlagKind.UNVERIFIED, "Deputy one"),
        (FlagKind.UNVERIFIED, "Deputy two"),
    ]
    assert flags[0].entries == (1, 5, 6, 900)
    assert flags[0].facts == {"incidents": 2, "searches": 2}
    assert searches.closed_unverified({"a": own()}, []) == []
