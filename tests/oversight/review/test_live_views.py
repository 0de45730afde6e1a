"""Long live views, extensions, refusals: both sides of each number."""

from datetime import timedelta

import pytest

from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags import live_views
from fusus_portal.oversight.review.flags.kinds import FlagKind
from fusus_portal.oversight.review.flags.live_views import Longer, Refusal, Watched
from tests.oversight.review.acts import NOON


def watched(minutes: int, *, cameras: int = 1) -> list[Watched]:
    return [Watched("one", "Deputy one", f"c{number}", minutes, number, 100 + number) for number in range(cameras)]


def test_one_camera_is_watched_for_long_beyond_three_hours() -> None:
    [flag] = live_views.long_views(watched(rules.LONG_VIEW_MINUTES + 1))
    assert (flag.kind, flag.person, flag.entries) == (FlagKind.LONG_VIEWS, "Deputy one", (0, 100))
    assert live_views.long_views(watched(rules.LONG_VIEW_MINUTES)) == []


def test_and_many_together_beyond_twenty_hours() -> None:
    each = rules.LONG_VIEWS_MINUTES // 10
    assert live_views.long_views(watched(each, cameras=10)) == []
    [flag] = live_views.long_views(watched(each, cameras=11))
    assert flag.facts == {"minutes": 11 * each, "longest": each, "cameras": 11}


@pytest.mark.parametrize(("what", "least"), [("view", rules.EXTENDED_TIMES), ("declaration", rules.RENEWED_TIMES)])
def test_extension_upon_extension(what: str, least: int) -> None:
    [flag] = live_views.repeated_extensions([Longer(what, "Deputy one", least, (1, 2))])
    assert (flag.kind, flag.facts) == (FlagKind.EXTENSIONS, {"what": what, "times": least})
    assert live_views.repeated_extensions([Longer(what, "Deputy one", least - 1, (1, 2))]) == []


def refused(times: int, *, apart: timedelta, person: str = "one") -> list[Refusal]:
    return [Refusal(number, NOON + number * apart, person, f"Deputy {person}") for number in range(times)]


def test_eight_refusals_within_an_hour_are_flagged() -> None:
    close = rules.REFUSED_WITHIN / (rules.REFUSED_TIMES - 1)
    [flag] = live_views.repeated_refusals(refused(rules.REFUSED_TIMES, apart=close))
    assert (flag.kind, flag.person, len(flag.entries)) == (FlagKind.REFUSED, "Deputy one", rules.REFUSED_TIMES)
    assert live_views.repeated_refusals(refused(rules.REFUSED_TIMES - 1, apart=close)) == []
    assert live_views.repeated_refusals(refused(rules.REFUSED_TIMES, apart=close + timedelta(minutes=1))) == []


def test_tries_within_a_minute_are_one_entry_and_count_all_and_people_count_apart() -> None:
    many = Refusal(2, NOON, "one", "Deputy one", times=rules.REFUSED_TIMES - 1)
    [flag] = live_views.repeated_refusals([Refusal(1, NOON, "one", "Deputy one"), many])
    assert (flag.entries, flag.facts["times"]) == ((1, 2), rules.REFUSED_TIMES)
    assert live_views.repeated_refusals([Refusal(1, NOON, "two", "Deputy two"), many]) == []
