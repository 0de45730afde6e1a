"""The same owner, reasons that are alike, and homes: both sides of each number."""

from datetime import timedelta

import pytest

from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags import owners, searches as flag_searches
from fusus_portal.oversight.review.flags.kinds import FlagKind
from fusus_portal.oversight.review.flags.owners import Near, SameOwner
from fusus_portal.oversight.review.flags.searches import Look
from tests.oversight.review.acts import MONDAY, WEEK, from_dispatch, lapsed, look, own

TEXT = "A grey van left the alley after the break-in"


def again(incidents: int, searches: int, *, entries: tuple[int, ...] = (1, 2)) -> SameOwner:
    return SameOwner("one", "Deputy one", incidents, searches, entries)


@pytest.mark.parametrize(
    ("incidents", "searches", "flags"),
    [
        (rules.SAME_OWNER_INCIDENTS, 4, 1),
        (rules.SAME_OWNER_INCIDENTS - 1, rules.SAME_OWNER_SEARCHES - 1, 0),
        (1, rules.SAME_OWNER_SEARCHES, 1),
    ],
)
def test_an_owner_is_the_same_from_four_incidents_or_ten_searches_on(incidents: int, searches: int, flags: int) -> None:
    found = owners.same_owners([again(incidents, searches)], {"one": searches})
    assert [flag.kind for flag in found] == [FlagKind.SAME_OWNER] * flags


def test_that_needs_half_of_all_that_the_person_searched() -> None:
    assert len(owners.same_owners([again(4, 4)], {"one": 8})) == 1
    assert owners.same_owners([again(4, 4)], {"one": 9}) == []


def test_neighbors_that_are_found_together_are_one_flag_about_the_one_found_most() -> None:
    [flag] = owners.same_owners([again(4, 5), again(6, 8, entries=(7, 8)), again(3, 3)], {"one": 9})
    assert (flag.person, flag.entries) == ("Deputy one", (7, 8))
    assert flag.facts == {"searches": 8, "incidents": 6, "made": 9, "owners": 2}


def typed(*texts: str) -> tuple[list[Look], dict[bytes, str]]:
    """Return looks with these reasons, each for an incident of its own, and the texts."""
    digests = [bytes([number]) for number in range(len(texts))]
    looks = [look(number, reason=digest) for number, digest in enumerate(digests)]
    return looks, dict(zip(digests, texts, strict=True))


def test_one_reason_for_four_incidents_is_flagged_and_for_three_is_not() -> None:
    made, texts = typed(*[TEXT] * rules.SAME_REASON_INCIDENTS)
    [flag] = flag_searches.same_reasons(made, texts, WEEK)
    assert (flag.kind, flag.person, flag.entries) == (FlagKind.SAME_REASON, "Deputy one", (0, 1, 2, 3))
    assert flag.facts == {"incidents": 4, "searches": 4, "reasons": 1}
    assert flag_searches.same_reasons(made[1:], texts, WEEK) == []


def test_one_incident_counts_once_and_an_expired_reason_not_at_all() -> None:
    made, texts = typed(*[TEXT] * 6)
    same = [look(each.entry, incident="one", reason=each.reason) for each in made]
    assert flag_searches.same_reasons(same, texts, WEEK) == []
    assert flag_searches.same_reasons(made, {}, WEEK) == []


def test_a_group_that_ended_before_the_week_was_told_then() -> None:
    made, texts = typed(*[TEXT] * 4)
    before = [look(each.entry, at=MONDAY - timedelta(days=1), reason=each.reason) for each in made]
    assert flag_searches.same_reasons(before, texts, WEEK) == []
    assert len(flag_searches.same_reasons([*before[:3], made[3]], texts, WEEK)) == 1


def test_numbers_case_accents_and_order_do_not_make_another_reason() -> None:
    made, texts = typed(TEXT, f"{TEXT} 2026-001", TEXT.upper(), "After the bréak-in a grey van left the alley")
    assert len(flag_searches.same_reasons(made, texts, WEEK)) == 1
    made, texts = typed(TEXT, "A man ran from the bank", "Two boys broke the window", "The blue truck turned north")
    assert flag_searches.same_reasons(made, texts, WEEK) == []


def near(number: int) -> Near:
    return Near("one", "Deputy one", f"incident {number}", (10 * number, 10 * number + 1))


def test_searches_near_home_are_flagged_for_incidents_that_the_person_opened() -> None:
    calls = {"incident 1": own(), "incident 2": lapsed(), "incident 3": from_dispatch(), "incident 4": own(by="two")}
    [flag] = owners.near_homes([near(number) for number in (1, 2, 3, 4)], calls)
    assert (flag.kind, flag.person, flag.entries) == (FlagKind.NEAR_HOME, "Deputy one", (10, 11, 20, 21))
    assert flag.facts == {"incidents": 2, "cameras": 4}
    assert len(owners.near_homes([near(1)], calls)) == rules.NEAR_HOME_INCIDENTS == 1
    assert owners.near_homes([near(3), near(4)], calls) == []
