"""Watch-hours: sums that agree with the log, and the alarm that nobody can switch off."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.ledger import services as ledger_services
from audit.ledger.checks import watch
from audit.ledger.models import Alarm
from audit.log.models import AuditEntry
from fusus_portal.ground.notifications.channels.email_channel import letter_of
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.numbers import CAMERA, number_of
from integration.live.services import views
from integration.watch_hours import services
from integration.watch_hours.models import WatchedDay, WatchFlag
from integration.watch_hours.policies import Area, Watched, findings
from tests.factories import person
from tests.integration.critical.scenes import scene
from tests.integration.live.watching import viewed

pytestmark = pytest.mark.django_db
HOUR = 3600
SHOP, OTHER = Area("business", "35203"), Area("other", "35203")
MONDAY = date(2026, 3, 2)


def watched(camera: str, hours: float, area: Area = SHOP) -> Watched:
    return Watched(camera, area, int(hours * HOUR))


def text_of(message: Message) -> str:
    return letter_of(message).text


def kept(day: date, seconds: int, *, camera: UUID | None = None, area: Area = SHOP) -> WatchedDay:
    return WatchedDay(
        day=day,
        camera=camera or uuid4(),
        premises_kind=area.kind,
        zip_code=area.zip_code,
        deputy="Deputy K7Q2",
        seconds=seconds,
    )


class TestTheSums:
    def test_a_minute_is_added_with_its_entry(self) -> None:
        there = scene()
        viewed(there, minutes=3)
        row = WatchedDay.objects.get()
        assert (row.seconds, str(row.camera)) == (180, str(there.camera.camera_id))
        assert (row.premises_kind, row.zip_code, row.deputy) == ("business", "35203", there.deputy.pseudonym)
        assert services.check() == 0

    def test_neither_stands_without_the_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        grant = scene().view()
        monkeypatch.setattr(services, "ADD", services.ADD.replace("VALUES", "SELECT 1 / 0 WHERE (1, 2) = VALUES"))
        with pytest.raises(DatabaseError):
            views.watch(grant=grant)
        assert not AuditEntry.objects.filter(event="integration:view:watch").exists()
        assert not WatchedDay.objects.exists()

    @pytest.mark.parametrize("seconds", [120, 240])
    def test_one_that_was_changed_is_an_alarm_until_it_is_right(self, seconds: int) -> None:
        viewed(scene(), minutes=3)
        WatchedDay.objects.update(seconds=seconds)
        assert services.check() == 1
        alarm = Alarm.objects.get()
        assert f"{seconds} s kept, 180 s logged" in alarm.what
        WatchedDay.objects.update(seconds=180)
        assert services.check() == 0
        alarm.refresh_from_db()
        assert alarm.settled_by == services.CHECKER

    def test_one_that_is_gone_or_made_up_is_found(self) -> None:
        viewed(scene(), minutes=1)
        WatchedDay.objects.all().delete()
        kept(timezone.localdate(), 60).save()
        assert services.check() == 2


class TestWhatStandsOut:
    @pytest.mark.parametrize(("seconds", "found"), [(8 * HOUR, []), (8 * HOUR + 1, ["long"])])
    def test_a_camera_above_eight_hours(self, seconds: int, found: list[str]) -> None:
        rows = [Watched("long", SHOP, seconds), watched("short", 7.9)]
        assert [one.key for one in findings(rows, {SHOP: 40}) if one.about == "camera"] == found

    def test_an_area_above_three_times_the_median_of_its_kind(self) -> None:
        others = [Area("business", f"3520{number}") for number in range(5)]
        hours = dict(zip(others, (1, 1, 2, 2, 7), strict=True))
        rows = [watched(f"c{area.zip_code}", long, area) for area, long in hours.items()]
        connected = dict.fromkeys(others, 10) | {OTHER: 10}
        # The median of the four others is 1.5 hours: 7 is above 4.5, and 2 is not above 4.5.
        assert [one.key for one in findings(rows, connected) if one.about == "area"] == ["business 35204"]

    def test_an_area_at_three_times_the_median_does_not_stand_out(self) -> None:
        other = Area("business", "35222")
        assert findings([watched("c", 3), watched("d", 1, other)], {SHOP: 3, other: 3}) == []

    def test_an_area_where_nobody_looked_counts_among_the_others(self) -> None:
        quiet = Area("business", "35222")
        assert [one.key for one in findings([watched("c", 1.5)], {SHOP: 3, quiet: 3})] == ["business 35203"]
        assert len(findings([watched("c", 1)], {SHOP: 3, quiet: 3})) == 1
        assert findings([watched("c", 0.99)], {SHOP: 3, quiet: 3}) == []
        assert findings([watched("c", 1.5)], {SHOP: 3}) == []

    def test_where_no_other_area_has_its_kind_all_others_are_compared(self) -> None:
        rows = [watched("c", 1.5), watched("o", 0.6, OTHER)]
        assert [one.key for one in findings(rows, {SHOP: 3, OTHER: 3})] == []
        assert [one.key for one in findings(rows, {SHOP: 3})] == []
        assert [one.key for one in findings([watched("c", 1.9), rows[1]], {SHOP: 3, OTHER: 3})] == ["business 35203"]

    def test_a_kind_whose_cameras_were_watched_an_hour_each(self) -> None:
        rows = [watched(f"c{number}", 1.1, Area("other", f"3520{number % 5}")) for number in range(20)]
        [found] = [one for one in findings(rows, {SHOP: 5}) if one.about == "kind"]
        assert (found.key, found.seconds, found.usual_seconds, found.cameras) == ("other", 20 * 3960, 20 * HOUR, 20)

    @pytest.mark.parametrize(("cameras", "hours", "found"), [(5, 1.1, ["other"]), (4, 1.1, []), (5, 1, [])])
    def test_a_kind_of_five_cameras_above_an_hour_each(self, cameras: int, hours: float, found: list[str]) -> None:
        rows = [watched(f"c{number}", hours, Area("other", f"3520{number}")) for number in range(cameras)]
        assert [one.key for one in findings(rows, {SHOP: 5}) if one.about == "kind"] == found


class TestTheAlarm:
    def test_275_cameras_watched_18751_hours_in_nine_months_are_flagged_within_the_first_week(self) -> None:
        """18,751 h / 275 cameras = 68.2 h each; over 273 days that is 15 minutes a day and 1 h 45 min a week.

        So no camera comes near 8 hours in 7 days, and spread evenly over areas none is above the median of its kind.
        All of them together are watched for 68.7 hours a day. On the fifth day each has been watched for 75 minutes:
        more than an hour on average, which flags the kind.
        """
        a_day = round(18_751 * HOUR / 275 / 273)
        assert 14 * 60 < a_day < 16 * 60
        cameras = [uuid4() for _ in range(275)]
        flagged_on = []
        for number in range(7):
            day = MONDAY + timedelta(days=number)
            WatchedDay.objects.bulk_create(
                kept(day, a_day, camera=camera, area=Area("other", f"3520{place % 5}"))
                for place, camera in enumerate(cameras)
            )
            with time_machine.travel(f"{day}T12:00:00-06:00", tick=False):
                if services.flag():
                    flagged_on.append(number + 1)
        assert flagged_on == [5]
        flag = WatchFlag.objects.get()
        assert (flag.about, flag.key, flag.week, flag.cameras) == ("kind", "other", MONDAY, 275)

    def test_the_same_in_one_area_is_flagged_on_the_first_day(self) -> None:
        quiet = scene()
        assert quiet.camera
        WatchedDay.objects.bulk_create(kept(MONDAY, 900, area=Area("other", "35211")) for _ in range(275))
        with time_machine.travel(f"{MONDAY}T12:00:00-06:00", tick=False):
            assert services.flag() == 1
        assert WatchFlag.objects.get().key == "other 35211"

    @pytest.mark.parametrize(("days_ago", "flags"), [(6, 1), (7, 0)])
    def test_looks_back_over_seven_days_and_no_eighth(self, days_ago: int, flags: int) -> None:
        kept(timezone.localdate() - timedelta(days=days_ago), 9 * HOUR).save()
        assert services.flag() == flags

    @pytest.fixture
    def flagged(self) -> WatchFlag:
        """Return a camera that was flagged, with the people who are told of it."""
        for role in ("supervisor", "auditor", "deputy", "administrator"):
            person(role)
        kept(timezone.localdate(), 9 * HOUR).save()
        assert services.flag() == 1
        return WatchFlag.objects.get()

    def test_is_one_entry_one_alarm_and_one_mail_a_week(self, flagged: WatchFlag) -> None:
        assert services.flag() == 0
        entry = AuditEntry.objects.get(event="integration:watching:flag")
        assert (entry.subject_id, entry.facts["key"]) == (str(flagged.pk), flagged.key)
        assert Alarm.objects.get().kind == "watched-long"
        told = Message.objects.filter(kind="watch_flagged")
        assert sorted(message.to.split(".")[0] for message in told) == ["auditor", "supervisor"]
        with time_machine.travel(timezone.now() + timedelta(days=7)):
            kept(timezone.localdate(), 9 * HOUR, camera=UUID(flagged.key)).save()
            assert services.flag() == 1

    def test_names_nobody_and_leads_auditors_to_the_hours(self, flagged: WatchFlag) -> None:
        told = Message.objects.filter(kind="watch_flagged")
        by_role = {message.to.split(".")[0]: text_of(message) for message in told}
        assert reverse("watch_hours") in by_role["auditor"]
        assert reverse("watch_hours") not in by_role["supervisor"]
        assert "9:00 hours" in by_role["supervisor"]
        assert "Deputy K7Q2" not in by_role["auditor"]

    def test_is_no_alarm_about_the_ledger(self, flagged: WatchFlag) -> None:
        assert Alarm.objects.filter(settled_at=None).exists()
        assert not watch.is_changed()
        assert ledger_services.tell_alarms() == 0

    def test_is_settled_by_an_auditor_and_comes_no_second_time(
        self, flagged: WatchFlag, auditor_client: Client
    ) -> None:
        alarm = Alarm.objects.get()
        page = auditor_client.get(reverse("audit_alarms")).content.decode()
        assert "A camera was viewed live for long" in page
        auditor_client.post(reverse("audit_alarm", args=[alarm.pk]), {"reason": "One hostage incident, all of it."})
        assert services.flag() == 0
        assert not Alarm.objects.filter(settled_at=None).exists()


class TestThePage:
    def test_shows_hours_by_kind_area_camera_and_deputy(self, auditor_client: Client) -> None:
        there = scene()
        viewed(there, minutes=3)
        page = auditor_client.get(reverse("watch_hours")).content.decode()
        for said in ("0:03", "35203", number_of(CAMERA, there.camera.camera_id), there.deputy.pseudonym, "<rect"):
            assert said in page
        assert there.camera.camera.name not in page

    def test_is_narrowed_to_days(self, auditor_client: Client) -> None:
        kept(date(2026, 1, 5), 2 * HOUR).save()
        asked = {"since": "2026-01-01", "until": "2026-01-31"}
        assert "2:00" in auditor_client.get(reverse("watch_hours"), asked).content.decode()
        assert "Nothing was viewed live" in auditor_client.get(reverse("watch_hours")).content.decode()

    def test_shows_the_last_four_weeks_where_nothing_is_said(self, auditor_client: Client) -> None:
        kept(MONDAY, HOUR).save()
        kept(MONDAY - timedelta(days=1), 2 * HOUR).save()
        with time_machine.travel("2026-03-29T12:00:00-05:00", tick=False):
            page = auditor_client.get(reverse("watch_hours")).content.decode()
        for said in ('value="2026-03-02"', 'value="2026-03-29"', "1:00"):
            assert said in page
        assert "3:00" not in page
        page = auditor_client.get(reverse("watch_hours"), {"until": "2026-03-28"}).content.decode()
        assert "3:00" in page
        answer = auditor_client.get(reverse("watch_hours"), {"since": "2025-03-01", "until": "2026-03-02"})
        assert answer.status_code == 200

    @pytest.mark.parametrize(("day", "is_shown"), [(6, True), (8, True), (9, False), (1, False)])
    def test_shows_a_flag_of_the_week_of_any_of_its_days(
        self, auditor_client: Client, day: int, is_shown: bool
    ) -> None:
        with time_machine.travel(f"{MONDAY}T12:00:00-06:00", tick=False):
            kept(MONDAY, 9 * HOUR).save()
            assert services.flag() == 1
        asked = {"since": f"2026-03-0{day}", "until": f"2026-03-0{day}"}
        page = auditor_client.get(reverse("watch_hours"), asked).content.decode()
        assert ("was viewed live for 9:00 hours" in page) == is_shown

    @pytest.mark.parametrize(
        ("since", "until", "told"),
        [
            ("2026-02-01", "2026-01-01", "must not come before the first"),
            ("2025-03-01", "2026-03-03", "Choose a year at most."),
            ("x", "", "Enter a valid date."),
        ],
    )
    def test_says_what_is_wrong_with_days(self, auditor_client: Client, since: str, until: str, told: str) -> None:
        answer = auditor_client.get(reverse("watch_hours"), {"since": since, "until": until})
        assert (answer.status_code, told in answer.content.decode()) == (422, True)

    def test_is_the_auditors_alone(self, supervisor_client: Client) -> None:
        assert supervisor_client.get(reverse("watch_hours")).status_code == 403
