"""The bounds of COREs, clips, signatures and weeks: the last that is taken, and the first that is not."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from fusus_portal.ground.lifecycle import Stale
from integration.clips import policies as clip_policies
from integration.clips.models import Clip
from integration.cores import policies as core_policies
from integration.cores.models import Core, CoreModel, DeviceCamera
from integration.critical import policies as critical
from integration.critical.models import LONGEST_REASON
from integration.rules import LONGEST_CLIP, MOST_CAMERAS
from integration.sharing import hours, policies as sharing
from integration.sharing.models import LONGEST_NAME, SharingRule
from registry.incidents.models import Incident, IncidentType
from registry.places.models import Camera, Premises
from tests.integration.critical.scenes import REASON

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 15, 12, 0, 30, tzinfo=timezone.get_default_timezone())
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
INCIDENT = Incident(starts_at=NOW - 3 * LONGEST_CLIP, ends_at=NOW - MINUTE)
FOUR = Core(model=CoreModel(cameras_supported=4), channels={"front": "Front"}, premises=Premises())
DAY = date(2026, 12, 25)
"""A day that is another than every day that `days` counts from it."""


def days(number: int) -> list[date]:
    return [DAY + timedelta(days=each) for each in range(1, number + 1)]


def clip(begin: datetime, end: datetime, *, kept: int | None = None) -> None:
    clip_policies.check_window(begin, end, incident=INCIDENT, core=Core(recorded_minutes=kept), now=NOW)


def week(begin: int, end: int) -> None:
    hours.check_week([[[begin, end]], *[[]] * 6])


def reason(length: int) -> str:
    return f"{REASON} {'smoke rises ' * length}"[: length - 1] + "."


def view(length: int) -> str:
    incident = Incident(number="2026-1", type=IncidentType(name="Robbery"), place="Linn Park")
    return critical.check_fresh_reason(reason(length), incident=incident)


TAKEN: list[Callable[[], object]] = [
    lambda: clip(INCIDENT.ends_at - LONGEST_CLIP, INCIDENT.ends_at),
    lambda: clip(INCIDENT.starts_at - 30 * SECOND, INCIDENT.starts_at + MINUTE),
    lambda: clip_policies.check_window(
        NOW - MINUTE, NOW, incident=Incident(starts_at=NOW - MINUTE, ends_at=NOW), core=FOUR, now=NOW
    ),
    lambda: clip(NOW - 20 * MINUTE, INCIDENT.ends_at, kept=20),
    lambda: core_policies.check_model_name("N" * core_policies.LONGEST_NAME),
    lambda: core_policies.check_camera_count(1),
    lambda: core_policies.check_camera_count(MOST_CAMERAS),
    lambda: core_policies.check_room(FOUR, behind=3),
    lambda: core_policies.check_channel("front", core=FOUR),
    lambda: core_policies.check_camera(Camera(premises=FOUR.premises), core=FOUR),
    lambda: sharing.check_signature(signer="S" * LONGEST_NAME, title="T" * LONGEST_NAME),
    lambda: sharing.check_hours(1),
    lambda: sharing.check_hours(8),
    lambda: sharing.check_days([DAY], days(sharing.MOST_DAYS - 1)),
    lambda: week(0, 1),
    lambda: week(0, 1440),
    lambda: week(1439, 2879),
    lambda: view(LONGEST_REASON),
    lambda: critical.check_justification(reason(critical.LONGEST_JUSTIFICATION), asked=""),
]

REFUSED: list[Callable[[], object]] = [
    lambda: clip(INCIDENT.starts_at, INCIDENT.starts_at),
    lambda: clip(INCIDENT.ends_at - LONGEST_CLIP - SECOND, INCIDENT.ends_at),
    lambda: clip(INCIDENT.starts_at - 31 * SECOND, INCIDENT.starts_at + MINUTE),
    lambda: clip(INCIDENT.ends_at - MINUTE, INCIDENT.ends_at + SECOND),
    lambda: clip_policies.check_window(
        NOW, NOW + SECOND, incident=Incident(starts_at=NOW, ends_at=NOW + MINUTE), core=FOUR, now=NOW
    ),
    lambda: clip(NOW - 20 * MINUTE - SECOND, INCIDENT.ends_at, kept=20),
    lambda: clip(INCIDENT.ends_at - MINUTE, INCIDENT.ends_at, kept=1),
    lambda: clip(INCIDENT.ends_at - MINUTE, INCIDENT.ends_at, kept=0),
    lambda: core_policies.check_model_name(" "),
    lambda: core_policies.check_model_name("N" * (core_policies.LONGEST_NAME + 1)),
    lambda: core_policies.check_camera_count(0),
    lambda: core_policies.check_camera_count(MOST_CAMERAS + 1),
    lambda: core_policies.check_room(FOUR, behind=4),
    lambda: core_policies.check_channel("back", core=FOUR),
    lambda: core_policies.check_camera(Camera(premises=Premises()), core=FOUR),
    lambda: core_policies.check_camera(Camera(premises=FOUR.premises, removed_at=NOW), core=FOUR),
    lambda: sharing.check_signature(signer=" ", title="Owner"),
    lambda: sharing.check_signature(signer="S" * (LONGEST_NAME + 1), title="Owner"),
    lambda: sharing.check_hours(0),
    lambda: sharing.check_hours(9),
    lambda: sharing.check_days([DAY], days(sharing.MOST_DAYS)),
    lambda: sharing.check_days([DAY], [DAY]),
    lambda: week(-1, 60),
    lambda: week(480, 480),
    lambda: week(480, 1921),
    lambda: week(1440, 1500),
    lambda: view(LONGEST_REASON + 1),
    lambda: critical.check_justification(reason(critical.LONGEST_JUSTIFICATION + 1), asked=""),
]


@pytest.mark.parametrize("check", TAKEN)
def test_it_is_taken(check: Callable[[], object]) -> None:
    check()


@pytest.mark.parametrize("check", REFUSED)
def test_it_is_refused(check: Callable[[], object]) -> None:
    with pytest.raises(ValidationError):
        check()


@pytest.mark.django_db
@pytest.mark.parametrize(("count", "is_taken"), [(0, False), (1, True), (200, True), (201, False)])
def test_so_many_cores_are_received_at_once(count: int, is_taken: bool) -> None:
    text = "\n".join(f"FC4-{number:05}" for number in range(count))
    if is_taken:
        assert len(core_policies.check_serials(text)) == count
    else:
        with pytest.raises(ValidationError):
            core_policies.check_serials(text)


@pytest.mark.parametrize("behind", [None, DeviceCamera(removed_at=NOW)])
def test_no_clip_is_sent_of_a_camera_that_is_connected_no_more(behind: DeviceCamera | None) -> None:
    clip_policies.must_be_connected(Clip(camera=DeviceCamera()))
    with pytest.raises(Stale):
        clip_policies.must_be_connected(Clip(camera=behind))


@pytest.mark.parametrize(
    ("answers", "is_first", "by_rule", "speaks"),
    [
        (True, True, False, True),
        (True, False, True, True),
        (True, False, False, False),
        (False, True, True, False),
        (None, True, True, False),
    ],
)
def test_when_a_standing_rule_gives_a_clip(answers: bool | None, is_first: bool, by_rule: bool, speaks: bool) -> None:
    rule = None if answers is None else SharingRule(answers_clips=answers)
    assert clip_policies.rule_speaks(rule, is_first=is_first, answered_by_rule=by_rule) is speaks


@pytest.mark.parametrize(
    ("day", "minute", "is_shared"),
    [
        (0, 479, False),
        (0, 480, True),
        (0, 1079, True),
        (0, 1080, False),
        (5, 359, True),
        (5, 360, False),
        (4, 1320, True),
    ],
)
def test_a_stretch_ends_before_its_last_minute_and_goes_on_after_midnight(
    day: int, minute: int, is_shared: bool
) -> None:
    week = [[[480, 1080]], [], [], [], [[1320, 1800]], [], []]
    assert hours.is_within_week(week, day, minute) is is_shared


def test_what_ends_at_or_before_its_beginning_goes_on_to_the_day_after() -> None:
    assert hours.week_of([("0", 480, 1080), ("1", 600, 600), ("2", 1320, 360)])[:3] == [
        [[480, 1080]],
        [[600, 2040]],
        [[1320, 1800]],
    ]
    assert not hours.is_within_week([], 0, 0)
