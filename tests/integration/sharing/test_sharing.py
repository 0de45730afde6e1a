"""Rules of connected cameras, "share now", and the one big pause."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Stale
from integration.cores.models import DeviceCamera
from integration.cores.services import cameras
from integration.sharing import services
from integration.sharing.hours import outside
from integration.sharing.models import OpeningHours, SharingPause, SharingRule
from integration.sharing.policies import MOST_DAYS, Asked, failed_condition
from integration.sharing.selectors import current_agreement, pause_of, rule_of
from integration.sharing.services import Wish
from tests.integration.cores.devices import active, business_at, device_camera_at
from tests.integration.sharing.consent import OFFICE_HOURS, connected, owner_of, set_mode, signed
from tests.registry.entries import entries_of, newest_id

pytestmark = pytest.mark.django_db


def allowed_now(camera: DeviceCamera) -> str:
    business = owner_of(camera)
    answer = failed_condition(Asked(rule_of(camera), current_agreement(business), pause_of(business), timezone.now()))
    return answer.name if answer else "yes"


def test_a_new_camera_is_never_shared() -> None:
    camera = connected()
    signed(owner_of(camera))
    assert rule_of(camera) is None
    assert allowed_now(camera) == "mode"


def test_a_rule_is_kept_with_its_history_and_an_entry_that_the_owner_reads() -> None:
    camera = connected()
    set_mode(camera, "schedule")
    rule = set_mode(camera, "incident")
    assert [version.mode for version in rule.history.order_by("history_id")] == ["schedule", "incident"]
    first, second = entries_of(Event.SHARING_RULE_CHANGED)
    assert first.camera_id == str(camera.camera_id)
    assert first.facts == {
        "mode": "schedule",
        "week": "1 08:00-18:00; 2 08:00-18:00; 3 08:00-18:00; 4 08:00-18:00; 5 22:00-06:00",
    }
    assert second.facts == {"mode": "incident"}
    assert second.camera_number == first.camera_number + 1


def test_setting_what_is_set_already_is_no_act() -> None:
    camera = connected(mode="incident")
    before = newest_id()
    set_mode(camera, "incident")
    assert newest_id() == before


def test_a_schedule_that_was_left_does_not_come_back_by_itself() -> None:
    camera = connected(mode="schedule")
    rule = set_mode(camera, "never")
    assert (rule.week, rule.closed_days, rule.open_days) == ([], [], [])


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish("always"), "mode"),
        (Wish("schedule"), "week"),
        (Wish("schedule", [[]] * 7), "week"),
        (Wish("schedule", [[]] * 6), "week"),
        (Wish("schedule", [[[60, 60]], *[[]] * 6]), "week"),
        (Wish("schedule", [[[-1, 60]], *[[]] * 6]), "week"),
        (Wish("schedule", [[[60, 1501]], *[[]] * 6]), "week"),
        (Wish("outside"), "week"),
        (Wish("outside", [[]] * 7), "week"),
        (Wish("outside", [[[0, 1440]]] * 7), "week"),
        (Wish("outside", OFFICE_HOURS, [date(2026, 12, 25)], [date(2026, 12, 25)]), "days"),
        (Wish("schedule", OFFICE_HOURS, [date(2026, 12, 25)], [date(2026, 12, 25)]), "days"),
        (Wish("schedule", OFFICE_HOURS, [date(2026, 1, 1) + timedelta(day) for day in range(MOST_DAYS + 1)]), "days"),
    ],
)
def test_a_wish_that_is_none_is_refused_by_field(wish: Wish, field: str) -> None:
    camera = connected()
    with pytest.raises(ValidationError) as refused:
        services.set_rule(camera=camera, by=owner_of(camera).user, wish=wish)
    assert set(refused.value.message_dict) == {field}
    assert not SharingRule.objects.exists()


def test_hours_that_overlap_are_joined_and_the_same_hours_are_no_act() -> None:
    camera = connected()
    by = owner_of(camera).user
    week = [[[480, 720], [600, 1080]], *[[]] * 6]
    assert services.set_rule(camera=camera, by=by, wish=Wish("schedule", week)).week == [[[480, 1080]], *[[]] * 6]
    before = newest_id()
    services.set_rule(camera=camera, by=by, wish=Wish("schedule", [[[480, 1080]], *[[]] * 6]))
    assert newest_id() == before


def test_hours_of_an_earlier_version_stay_as_they_are_while_nothing_else_is_wished() -> None:
    camera = connected(mode="schedule")
    week = [[[1320, 1800]], [[360, 720]], *[[]] * 5]
    SharingRule.objects.update(week=week)
    before = newest_id()
    assert services.set_rule(camera=camera, by=owner_of(camera).user, wish=Wish("schedule", week)).week == week
    assert newest_id() == before


def test_outside_opening_hours_is_every_other_hour_and_its_entry_says_so() -> None:
    camera = connected()
    business = owner_of(camera)
    signed(business)
    opening = [[[480, 1080]]] * 7
    rule = services.set_rule(camera=camera, by=business.user, wish=Wish("outside", opening))
    assert rule.week == [[[1080, 1920]]] * 7
    (entry,) = entries_of(Event.SHARING_RULE_CHANGED)
    assert entry.facts == {"mode": "outside", "week": "; ".join(f"{day} 18:00-08:00" for day in range(1, 8))}
    assert OpeningHours.objects.get().week == opening
    tomorrow = timezone.localtime() + timedelta(days=1)
    for hour, minute, answer in ((7, 59, "yes"), (8, 0, "hours"), (17, 59, "hours"), (18, 0, "yes")):
        with time_machine.travel(tomorrow.replace(hour=hour, minute=minute), tick=False):
            assert allowed_now(camera) == answer


def test_opening_hours_are_kept_once_for_a_place_and_its_cameras_follow() -> None:
    business = business_at(cameras=3)
    core = active(registrant=business, channels={f"c{number}": "running" for number in range(3)}).core
    first, second, third = (device_camera_at(core, channel=f"c{number}") for number in range(3))
    elsewhere = connected(business_at())
    for camera, mode in ((first, "outside"), (second, "outside"), (third, "schedule"), (elsewhere, "outside")):
        set_mode(camera, mode)
    before = newest_id()
    wish = Wish("outside", [[[540, 1200]]] * 7, closed_days=[date(2026, 12, 25)])
    services.set_rule(camera=first, by=business.user, wish=wish)
    weeks = [SharingRule.objects.get(camera=camera).week for camera in (first, second, third, elsewhere)]
    assert weeks[0] == weeks[1] == [[[1200, 1980]]] * 7
    assert weeks[2] == OFFICE_HOURS
    assert weeks[3] == outside(OFFICE_HOURS)
    assert SharingRule.objects.get(camera=second).closed_days == []
    changed = [entry for entry in entries_of(Event.SHARING_RULE_CHANGED) if entry.pk > before]
    assert [entry.camera_id for entry in changed] == [str(first.camera_id), str(second.camera_id)]
    assert [entry.facts.get("closed") for entry in changed] == ["2026-12-25", None]
    assert OpeningHours.objects.get(premises=first.camera.premises).week == [[[540, 1200]]] * 7
    assert OpeningHours.objects.get(premises=elsewhere.camera.premises).week == OFFICE_HOURS


def test_a_camera_that_was_disconnected_follows_no_opening_hours() -> None:
    business = business_at(cameras=2)
    core = active(registrant=business, channels={"c0": "running", "c1": "running"}).core
    stays, gone = (device_camera_at(core, channel=channel) for channel in ("c0", "c1"))
    for camera in (stays, gone):
        set_mode(camera, "outside")
    cameras.disconnect(behind=gone, by=business.user)
    services.set_rule(camera=stays, by=business.user, wish=Wish("outside", [[[540, 1200]]] * 7))
    assert SharingRule.objects.get(camera=gone).week == outside(OFFICE_HOURS)


@pytest.mark.parametrize(("mode", "week"), [("incident", OFFICE_HOURS), ("outside", []), ("schedule", [])])
def test_the_database_holds_hours_with_the_modes_that_have_them(mode: str, week: list[Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SharingRule.objects.create(camera=connected(), mode=mode, week=week)


def test_days_that_are_different_stand_in_the_entry() -> None:
    camera = connected()
    wish = Wish("schedule", OFFICE_HOURS, [date(2026, 12, 25)], [date(2026, 11, 27), date(2026, 11, 26)])
    services.set_rule(camera=camera, by=owner_of(camera).user, wish=wish)
    (entry,) = entries_of(Event.SHARING_RULE_CHANGED)
    assert (entry.facts["closed"], entry.facts["open"]) == ("2026-12-25", "2026-11-26 2026-11-27")


def test_share_now_lasts_as_long_as_it_says_and_needs_all_else_too() -> None:
    camera = connected(mode="ask")
    by = owner_of(camera).user
    services.share_now(camera=camera, by=by, hours=2)
    assert allowed_now(camera) == "agreement"
    signed(owner_of(camera))
    assert allowed_now(camera) == "yes"
    with time_machine.travel(timezone.now() + timedelta(hours=2, seconds=1), tick=False):
        assert allowed_now(camera) == "shared now"
    (entry,) = entries_of(Event.SHARING_BEGUN)
    assert str(entry.facts["until"])[:13] == (timezone.now() + timedelta(hours=2)).isoformat()[:13]


def test_share_now_is_stopped_at_once_and_once() -> None:
    camera = connected(mode="ask")
    by = owner_of(camera).user
    signed(owner_of(camera))
    services.share_now(camera=camera, by=by, hours=8)
    services.stop_sharing(camera=camera, by=by)
    services.stop_sharing(camera=camera, by=by)
    assert allowed_now(camera) == "shared now"
    assert len(entries_of(Event.SHARING_STOPPED)) == 1


@pytest.mark.parametrize("hours", [0, -1, 9])
def test_share_now_has_a_limit(hours: int) -> None:
    camera = connected(mode="ask")
    with pytest.raises(ValidationError, match="1 to 8 hours"):
        services.share_now(camera=camera, by=owner_of(camera).user, hours=hours)


@pytest.mark.parametrize("mode", ["", "never", "incident", "outside", "schedule"])
def test_share_now_goes_with_its_own_rule_only(mode: str) -> None:
    camera = connected(mode=mode)
    with pytest.raises(Stale, match="another rule"):
        services.share_now(camera=camera, by=owner_of(camera).user, hours=1)


def test_another_rule_ends_share_now() -> None:
    camera = connected(mode="ask")
    services.share_now(camera=camera, by=owner_of(camera).user, hours=1)
    assert set_mode(camera, "never").shared_until is None
    assert len(entries_of(Event.SHARING_STOPPED)) == 1
    assert set_mode(camera, "ask").shared_until is None


def test_the_same_rule_with_another_answer_leaves_share_now_alone() -> None:
    camera = connected(mode="ask")
    by = owner_of(camera).user
    until = services.share_now(camera=camera, by=by, hours=1).shared_until
    assert services.set_rule(camera=camera, by=by, wish=Wish("ask", answers_clips=True)).shared_until == until
    assert not entries_of(Event.SHARING_STOPPED)


def test_the_pause_stops_everything_whatever_the_rules_say_and_once() -> None:
    camera = connected(mode="incident")
    business = owner_of(camera)
    signed(business)
    assert allowed_now(camera) == "yes"
    begun = services.pause_sharing(registrant=business, by=business.user)
    assert services.pause_sharing(registrant=business, by=business.user) == begun
    assert allowed_now(camera) == "pause"
    ended = services.resume_sharing(registrant=business, by=business.user)
    assert ended == begun
    assert services.resume_sharing(registrant=business, by=business.user) is None
    assert allowed_now(camera) == "yes"
    assert len(entries_of(Event.SHARING_PAUSED, begun)) == len(entries_of(Event.SHARING_RESUMED, begun)) == 1


def test_nothing_is_anybody_elses_to_change(other_business: User) -> None:
    camera = connected(mode="ask")
    business = owner_of(camera)
    acts: list[Any] = [
        lambda: services.set_rule(camera=camera, by=other_business, wish=Wish("incident")),
        lambda: services.share_now(camera=camera, by=other_business, hours=1),
        lambda: services.stop_sharing(camera=camera, by=other_business),
        lambda: services.pause_sharing(registrant=business, by=other_business),
        lambda: services.resume_sharing(registrant=business, by=other_business),
    ]
    for act in acts:
        with pytest.raises(NotYours):
            act()


def test_a_camera_that_is_connected_no_more_has_no_rule_to_set() -> None:
    camera = connected(mode="incident")
    by = owner_of(camera).user
    cameras.disconnect(behind=camera, by=by)
    with pytest.raises(Stale, match="not connected"):
        services.set_rule(camera=camera, by=by, wish=Wish("never"))


def test_the_database_lets_no_two_pauses_last() -> None:
    business = owner_of(connected())
    services.pause_sharing(registrant=business, by=business.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        SharingPause.objects.create(registrant=business, began_by=business.user)
