"""The summary of a month: for those who want it, once, of a month that has ended, with nothing that is delayed."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import delivery
from registry.access_log import selectors, services
from registry.access_log.models import NoticeSettings
from registry.access_log.selectors import Channel, stop_token
from registry.canvasses.services import canvasses
from registry.registrants.models import Registrant
from tests.factories import draft_of, incident_at, person, registrant_at
from tests.people import sign_in
from tests.registry.access_log.delays import case_of, delayed
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db


def next_month() -> datetime:
    """Return noon of its first day. Entries have the database's time, which is now, and may begin a month."""
    return (timezone.localtime().replace(day=1, hour=12) + timedelta(days=32)).replace(day=1)


def wanting(registrant: Registrant | None = None, *, monthly: bool = True) -> Registrant:
    owner = registrant or registrant_at()
    services.change_notices(registrant=owner, by=owner.user, searches="none", footage="none", monthly=monthly)
    return owner


def told(moment: datetime | None = None) -> int:
    with time_machine.travel(moment or next_month()):
        return services.tell_months()


def letters() -> list[mail.EmailMessage]:
    mail.outbox.clear()
    with time_machine.travel(next_month() + timedelta(hours=1)):
        for message in Message.objects.filter(kind=MessageKind.MONTH_SUMMARY).exclude(state="sent"):
            assert delivery.deliver(pk=message.pk)
    return list(mail.outbox)


class TestWhen:
    def test_nobody_gets_one_who_did_not_ask(self) -> None:
        owner = registrant_at()
        services.tell_looks()
        assert not NoticeSettings.objects.get(registrant=owner).monthly
        assert told() == 0

    def test_it_comes_once_when_the_month_has_ended(self) -> None:
        wanting()
        assert told(timezone.now()) == 0
        assert told() == 1
        assert told() == 0
        assert Message.objects.filter(kind=MessageKind.MONTH_SUMMARY).count() == 1

    def test_it_waits_until_the_month_has_settled(self) -> None:
        midnight = next_month().replace(hour=0, minute=0, second=0, microsecond=0)
        wanting()
        assert told(midnight + timedelta(minutes=10)) == 0
        assert told(midnight + timedelta(minutes=20)) == 1

    def test_turned_off_and_on_again_it_comes_no_second_time(self) -> None:
        owner = wanting()
        assert told() == 1
        with time_machine.travel(next_month()):
            wanting(owner, monthly=False)
            wanting(owner)
        assert told() == 0

    def test_all_are_told_in_one_round(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(services, "TOLD_AT_ONCE", 1)
        wanting()
        wanting()
        assert told() == 2

    def test_a_month_is_one_of_the_agencys_clock(self) -> None:
        assert selectors.last_ended_month(datetime(2026, 12, 1, 6, 10, tzinfo=UTC)) == date(2026, 10, 1)
        assert selectors.last_ended_month(datetime(2026, 12, 1, 6, 20, tzinfo=UTC)) == date(2026, 11, 1)
        assert selectors.last_ended_month(datetime(2027, 1, 1, 6, 20, tzinfo=UTC)) == date(2026, 12, 1)

    def test_the_database_wants_a_month_to_begin_with(self) -> None:
        owner = wanting()
        rows = NoticeSettings.objects.filter(registrant=owner)
        for wrong in ({"month_told": None}, {"month_told": date(2026, 3, 2)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(**wrong)


class TestWhatItSays:
    def test_searches_requests_and_looks_in_numbers(self) -> None:
        owner, deputy = wanting(), person("deputy")
        incident = incident_at(by=deputy)
        draft = draft_of(incident, by=deputy)
        canvasses.show(canvass=draft, by=deputy)
        canvasses.send(canvass=draft, by=deputy)
        draft_of(incident_at())
        told()
        (letter,) = letters()
        assert letter.to == [owner.user.email]
        for line in ("found your cameras: 2", "Requests for footage: 1", "for each camera: 1"):
            assert line in str(letter.body)
        assert deputy.pseudonym not in str(letter.body)
        assert incident.number not in str(letter.body)

    def test_another_month_and_another_owner_count_nothing(self) -> None:
        draft_of(incident_at())
        before = (next_month() - timedelta(days=40)).date().replace(day=1)
        owner = registrant_at()
        draft_of(incident_at())
        assert selectors.count_month(owner, before.replace(day=1) - timedelta(days=31))["searches"] == 0
        assert selectors.count_month(owner, timezone.localdate().replace(day=1))["searches"] == 1

    def test_what_is_delayed_is_counted_only_as_what_opens_later(self) -> None:
        case = case_of()
        wanting(case.registrant)
        delayed(case, days=30)
        found = selectors.count_month(case.registrant, timezone.localdate().replace(day=1))
        assert (found["searches"], found["asked"], found["looks"]) == (0, 0, 0)
        assert found["later"] == len([*entries_of(Event.CAMERA_FOUND), *entries_of(Event.CAMERA_SHOWN)]) + 1


class TestStopping:
    def test_its_header_stops_it_with_one_press(self, client: Client) -> None:
        owner = wanting()
        told()
        (letter,) = letters()
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = reverse("notices_stop", args=[stop_token(str(owner.pk), Channel.MONTHLY)])
        assert address in letter.extra_headers["List-Unsubscribe"]
        client.get(address)
        assert NoticeSettings.objects.get(registrant=owner).monthly
        assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
        client.post(address)
        assert not NoticeSettings.objects.get(registrant=owner).monthly
        assert len(entries_of(Event.NOTICES_CHANGED)) == 2

    def test_it_leaves_the_digests_alone(self) -> None:
        owner = registrant_at()
        services.change_notices(registrant=owner, by=owner.user, searches="daily", footage="each", monthly=True)
        stopped = services.stop_notices(registrant=owner, channel=Channel.MONTHLY)
        assert (stopped.searches, stopped.footage, stopped.monthly) == ("daily", "each", False)
        assert services.stop_notices(registrant=owner, channel=Channel.SEARCHES).footage == "each"


def test_an_owner_turns_it_on_and_off_on_the_page() -> None:
    owner = registrant_at()
    browser = sign_in(owner.user)
    browser.post(reverse("notices"), {"searches": "weekly", "footage": "each", "monthly": "on"})
    assert NoticeSettings.objects.get(registrant=owner).monthly
    page = browser.get(reverse("notices")).content.decode()
    assert "checked" in page.split('name="monthly"')[1].split(">")[0]
    browser.post(reverse("notices"), {"searches": "weekly", "footage": "each"})
    assert not NoticeSettings.objects.get(registrant=owner).monthly
