"""One sign-in at two places, and shared accounts: both sides of each number."""

from datetime import timedelta

import pytest

from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags import sign_ins
from fusus_portal.oversight.review.flags.kinds import FlagKind
from fusus_portal.oversight.review.flags.sign_ins import Use, provider_region
from tests.oversight.review.acts import use

BACK = rules.BACK_WITHIN / timedelta(minutes=1)
TOGETHER = rules.AT_THE_SAME_TIME / timedelta(minutes=1)
A_DAY = 24 * 60


def walk(*places: str, apart: float = 5) -> list[Use]:
    """Return one sign-in that is used at one place after the other."""
    return [use(number * apart, place, sign_in="s") for number, place in enumerate(places)]


def test_a_sign_in_that_comes_back_twice_is_at_two_places() -> None:
    [flag] = sign_ins.two_places(walk("a", "b", "a", "b"))
    assert (flag.kind, flag.person, flag.entries) == (FlagKind.TWO_PLACES, "Deputy one", (50, 100, 150))
    assert flag.facts == {"times": rules.BACK_TIMES, "networks": 2}
    assert sign_ins.two_places(walk("a", "b", "a")) == []
    assert sign_ins.two_places(walk("a", "b", "c", "d")) == []


def test_that_is_soon_after_it_had_left() -> None:
    assert len(sign_ins.two_places(walk("a", "b", "a", "b", apart=BACK / 2))) == 1
    assert sign_ins.two_places(walk("a", "b", "a", "b", apart=BACK / 2 + 1)) == []


def test_two_browsers_with_one_sign_in_are_two_places_and_two_sign_ins_are_not() -> None:
    places = [use(5 * number, "a", sign_in="s", agent=agent) for number, agent in enumerate("xyxy")]
    assert len(sign_ins.two_places(places)) == 1
    assert sign_ins.two_places([use(5 * number, place) for number, place in enumerate("abab")]) == []


def turns(days: int, *, apart: float = 5) -> list[Use]:
    """Return a laptop and a phone that are used in turn on so many days."""
    return [use(day * A_DAY + step * apart, place) for day in range(days) for step, place in enumerate("aba")]


def test_two_sign_ins_in_turn_on_three_days_are_a_shared_account() -> None:
    [flag] = sign_ins.shared_accounts(turns(rules.SHARED_DAYS))
    assert (flag.kind, flag.person) == (FlagKind.SHARED_ACCOUNT, "Deputy one")
    assert flag.facts == {"sign": "in_turn", "number": rules.SHARED_DAYS, "sign_ins": 2}
    assert sign_ins.shared_accounts(turns(rules.SHARED_DAYS - 1)) == []


def test_in_turn_is_within_a_quarter_of_an_hour_and_apart_in_everything() -> None:
    assert len(sign_ins.shared_accounts(turns(3, apart=TOGETHER / 2))) == 1
    assert sign_ins.shared_accounts(turns(3, apart=TOGETHER / 2 + 1)) == []
    same_browser = [
        Use(one.entry, one.at, one.person, one.pseudonym, one.sign_in, one.network, "x") for one in turns(3)
    ]
    same_network = [Use(one.entry, one.at, one.person, one.pseudonym, one.sign_in, "x", one.agent) for one in turns(3)]
    assert sign_ins.shared_accounts(same_browser) == sign_ins.shared_accounts(same_network) == []


def test_three_places_within_an_hour_are_a_shared_account() -> None:
    [flag] = sign_ins.shared_accounts([use(0, "a"), use(30, "b"), use(60, "c")])
    assert flag.facts == {"sign": "places", "number": rules.SHARED_PLACES, "sign_ins": 3}
    assert sign_ins.shared_accounts([use(0, "a"), use(30, "b"), use(61, "c")]) == []
    assert sign_ins.shared_accounts([use(0, "a"), use(30, "b"), use(60, "a")]) == []
    assert sign_ins.shared_accounts([use(0, "a"), use(30, "b"), use(60, "c", person="two")]) == []


@pytest.mark.parametrize(("hours", "flags"), [(rules.SHARED_HOURS, 1), (rules.SHARED_HOURS - 1, 0)])
def test_eighteen_hours_of_one_day_are_a_shared_account(hours: int, flags: int) -> None:
    since_midnight = [use((hour - 12) * 60, "a") for hour in range(hours)]
    assert [flag.facts["sign"] for flag in sign_ins.shared_accounts(since_midnight)] == ["hours"] * flags


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.0.0/16"),
        ("203.0.77.1", "203.0.0.0/16"),
        ("2001:db8:1::7", "2001:db8::/32"),
        ("", ""),
    ],
)
def test_a_phone_that_moves_stays_in_its_region(address: str, network: str) -> None:
    assert provider_region(address) == network
