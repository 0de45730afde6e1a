"""Long live views, extensions, refusals: both sides of each number."""

from datetime import timedelta
from typing import Any

import pytest

from audit.log.models import AuditEntry
from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags import live_views
from fusus_portal.oversight.review.flags.kinds import FlagKind
from tests.oversight.review.acts import NOON


def watched(minutes: int, *, cameras: int = 1) -> list[dict[str, Any]]:
    by = {"actor_id": "one", "pseudonym": "Deputy one", "minutes": minutes}
    return [{**by, "first": number, "last": 100 + number} for number in range(cameras)]


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
    row = {"what": what, "pseudonym": "Deputy one", "entries": [1, 2]}
    [flag] = live_views.repeated_extensions([{**row, "times": least}])
    assert (flag.kind, flag.facts) == (FlagKind.EXTENSIONS, {"what": what, "times": least})
    assert live_views.repeated_extensions([{**row, "times": least - 1}]) == []


def refusal(number: int, *, apart: timedelta = timedelta(0), person: str = "one", **facts: int) -> AuditEntry:
    at = NOON + number * apart
    return AuditEntry(id=number, at=at, actor_id=person, actor_pseudonym=f"Deputy {person}", facts=facts)


def refused(times: int, *, apart: timedelta) -> list[AuditEntry]:
    return [refusal(number, apart=apart) for number in range(times)]


def test_eight_refusals_within_an_hour_are_flagged() -> None:
    close = rules.REFUSED_WITHIN / (rules.REFUSED_TIMES - 1)
    [flag] = live_views.repeated_refusals(refused(rules.REFUSED_TIMES, apart=close))
    assert (flag.kind, flag.person, len(flag.entries)) == (FlagKind.REFUSED, "Deputy one", rules.REFUSED_TIMES)
    assert live_views.repeated_refusals(refused(rules.REFUSED_TIMES - 1, apart=close)) == []
    assert live_views.repeated_refusals(refused(rules.REFUSED_TIMES, apart=close + timedelta(minutes=1))) == []


def test_tries_within_a_minute_are_one_entry_and_count_all_and_people_count_apart() -> None:
    many = refusal(2, count=rules.REFUSED_TIMES - 1)
    [flag] = live_views.repeated_refusals([refusal(1), many])
    assert (flag.entries, flag.facts["times"]) == ((1, 2), rules.REFUSED_TIMES)
    assert live_views.repeated_refusals([refusal(1, person="two"), many]) == []
