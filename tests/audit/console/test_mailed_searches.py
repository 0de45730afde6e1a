"""Saved searches by mail: a link to the days before, no word of the search, off by a press."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.console import services, tasks
from audit.console.models import MailTimes, SavedFilter
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message

pytestmark = pytest.mark.django_db

WEDNESDAY, THURSDAY, MONDAY = "2026-11-25 15:00:00+00:00", "2026-11-26 15:00:00+00:00", "2026-11-30 15:00:00+00:00"
EARLY_THURSDAY = "2026-11-26 08:00:00+00:00"
"""Two at night on the agency's clock."""


@pytest.fixture
def kept(auditor: User) -> Iterator[SavedFilter]:
    """Return a search that an auditor saved on a Wednesday, which is the day until somebody travels on."""
    with time_machine.travel(WEDNESDAY, tick=False):
        yield services.save_search(name="Ana", query="word=ana%40people.example", said="Ana", by=auditor.actor)


def mailed(times: MailTimes, kept: SavedFilter, auditor: User) -> None:
    services.schedule_search(pk=kept.pk, times=times, by=auditor.actor)


def written() -> list[Message]:
    return list(Message.objects.filter(kind=MessageKind.LOG_REPORT).order_by("queued_at", "pk"))


def test_each_morning_once_about_the_day_before(kept: SavedFilter, auditor: User) -> None:
    mailed(MailTimes.DAILY, kept, auditor)
    assert tasks.mail_searches() == 0
    with time_machine.travel(EARLY_THURSDAY, tick=False):
        assert tasks.mail_searches() == 0
    with time_machine.travel(THURSDAY, tick=False):
        assert (tasks.mail_searches(), tasks.mail_searches()) == (1, 0)
    [message] = written()
    assert message.context == {"search": str(kept.pk), "first": "2026-11-25", "last": "2026-11-25"}
    assert message.to == auditor.email
    told = AuditEntry.objects.get(event=Event.FILTER_MAILED)
    assert (told.subject_id, told.facts) == (str(kept.pk), {"first": "2026-11-25", "last": "2026-11-25"})


def test_each_monday_about_the_whole_week_before(kept: SavedFilter, auditor: User) -> None:
    mailed(MailTimes.WEEKLY, kept, auditor)
    with time_machine.travel(THURSDAY, tick=False):
        assert tasks.mail_searches() == 0
    with time_machine.travel(MONDAY, tick=False):
        assert tasks.mail_searches() == 1
    assert written()[0].context == {"search": str(kept.pk), "first": "2026-11-23", "last": "2026-11-29"}


def test_after_a_standstill_no_day_is_left_out(kept: SavedFilter, auditor: User) -> None:
    mailed(MailTimes.DAILY, kept, auditor)
    with time_machine.travel(MONDAY, tick=False):
        assert tasks.mail_searches() == 1
    assert written()[0].context["first"] == "2026-11-25"
    assert written()[0].context["last"] == "2026-11-29"


def test_the_mail_is_a_link_that_says_nothing_of_the_search(
    kept: SavedFilter, auditor: User, auditor_client: Client
) -> None:
    mailed(MailTimes.DAILY, kept, auditor)
    with time_machine.travel(THURSDAY, tick=False):
        tasks.mail_searches()
    [message] = written()
    link = str(kind_of(MessageKind.LOG_REPORT).build(message.context)["link"])
    assert "ana" not in link.lower()
    answer = auditor_client.get(link)
    assert answer["Location"] == f"{reverse('audit')}?word=ana%40people.example&since=2026-11-25&until=2026-11-25"


def test_the_days_of_the_search_itself_are_kept(auditor: User, auditor_client: Client) -> None:
    own = services.save_search(name="May", query="since=2026-05-01&until=2026-05-31", said="", by=auditor.actor)
    for days in ("?since=2026-11-25&until=2026-11-25", "", "?since=nonsense"):
        answer = auditor_client.get(f"{reverse('audit_filter', args=[own.pk])}{days}")
        assert answer["Location"] == f"{reverse('audit')}?since=2026-05-01&until=2026-05-31"


def test_it_is_turned_on_and_off_by_a_press(kept: SavedFilter, auditor_client: Client) -> None:
    address = reverse("audit_filter_mail", args=[kept.pk])
    page = auditor_client.post(address, {"mailed": "weekly"}, follow=True).content.decode()
    assert "each Monday" in page
    kept.refresh_from_db()
    assert (kept.mailed, kept.mailed_until) == (MailTimes.WEEKLY, date(2026, 11, 22))
    assert "Say how often" in auditor_client.post(address, {"mailed": "hourly"}, follow=True).content.decode()
    auditor_client.post(address, {"mailed": "never"})
    auditor_client.post(address, {"mailed": "never"})
    kept.refresh_from_db()
    assert (kept.mailed, kept.mailed_until) == (MailTimes.NEVER, None)
    timed = AuditEntry.objects.filter(event=Event.FILTER_TIMED).order_by("pk")
    assert [entry.facts for entry in timed] == [{"mailed": "weekly"}, {"mailed": "never"}]
    with time_machine.travel(MONDAY, tick=False):
        assert tasks.mail_searches() == 0


def test_who_is_no_auditor_any_more_gets_none_and_it_ends(kept: SavedFilter, auditor: User) -> None:
    mailed(MailTimes.DAILY, kept, auditor)
    User.objects.filter(pk=auditor.pk).update(is_active=False, disabled_at=timezone.now())
    with time_machine.travel(THURSDAY, tick=False):
        assert tasks.mail_searches() == 0
    kept.refresh_from_db()
    assert (written(), kept.mailed) == ([], MailTimes.NEVER)
    ended = AuditEntry.objects.get(event=Event.FILTER_TIMED, actor_kind="task")
    assert ended.facts == {"mailed": "never"}


def test_nobody_mails_or_opens_the_search_of_another(kept: SavedFilter, deputy: User) -> None:
    assert deputy.role == Role.DEPUTY
    with pytest.raises(NotYours):
        services.schedule_search(pk=kept.pk, times=MailTimes.DAILY, by=deputy.actor)
    with pytest.raises(NotYours):
        services.own_search(pk=kept.pk, by=deputy.actor)
