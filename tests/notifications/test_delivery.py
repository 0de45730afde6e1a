"""From the outbox to the mail server: once, under one Message-ID, and never lost."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.channels.email_channel import Email
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.selectors import delivery_health
from fusus_portal.ground.notifications.services import delivery
from fusus_portal.ground.notifications.states import MESSAGE, MessageState
from tests.notifications.conftest import message
from tests.peers.smtp import SmtpPeer

pytestmark = [pytest.mark.usefixtures("sample_builders", "offered"), pytest.mark.django_db]

ALLOWED = {
    (MessageState.QUEUED, MessageState.SENDING),
    (MessageState.SENDING, MessageState.QUEUED),
    (MessageState.SENDING, MessageState.SENT),
    (MessageState.SENDING, MessageState.FAILED),
}


def fresh(stored: Message) -> Message:
    return Message.objects.get(pk=stored.pk)


def make_due(stored: Message) -> None:
    Message.objects.filter(pk=stored.pk).update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def events() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("event", flat=True))


@pytest.mark.parametrize("source", MessageState)
@pytest.mark.parametrize("target", MessageState)
def test_each_step_is_in_the_table_or_refused(source: MessageState, target: MessageState) -> None:
    if (source, target) in ALLOWED:
        MESSAGE.check(source=source, target=target, role="task")
        with pytest.raises(Refused):
            MESSAGE.check(source=source, target=target, role="administrator")
    else:
        with pytest.raises(Stale):
            MESSAGE.check(source=source, target=target, role="task")


def test_it_is_sent_once_with_its_entry_and_the_address_is_forgotten(mail_server: SmtpPeer) -> None:
    stored = message()
    assert delivery.deliver(pk=stored.pk) is True
    assert delivery.deliver(pk=stored.pk) is False
    (arrived,) = mail_server.received
    assert (arrived["Message-ID"], arrived["To"]) == (stored.message_id, "ana@home.example")
    sent = fresh(stored)
    assert (sent.state, sent.to, sent.context) == (MessageState.SENT, "", {})
    entry = AuditEntry.objects.get(event=Event.MESSAGE_SENT)
    assert (entry.subject_id, entry.actor_id) == (stored.subject_id, "notifications.deliver")


def test_it_arrives_as_text_and_html_and_says_that_a_machine_wrote_it(mail_server: SmtpPeer) -> None:
    delivery.deliver(pk=message().pk)
    (arrived,) = mail_server.received
    assert [part.get_content_type() for part in arrived.iter_parts()] == ["text/plain", "text/html"]
    assert arrived["Auto-Submitted"] == "auto-generated"


def test_a_mail_server_that_is_down_is_tried_again_later_under_the_same_message_id(mail_server: SmtpPeer) -> None:
    stored = message()
    mail_server.refuse_data = "451 try later"
    assert delivery.deliver(pk=stored.pk) is False
    waiting = fresh(stored)
    assert (waiting.state, waiting.attempts, waiting.fault) == (MessageState.QUEUED, 1, "SMTPDataError 451")
    assert waiting.next_attempt_at > timezone.now()
    assert delivery.deliver(pk=stored.pk) is False, "not before its pause is over"
    mail_server.refuse_data = ""
    make_due(stored)
    assert delivery.deliver(pk=stored.pk) is True
    assert mail_server.message_ids == [stored.message_id]
    assert (fresh(stored).attempts, fresh(stored).fault) == (2, "")


def test_nobody_listening_is_tried_again_too(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    stored = message()
    assert delivery.deliver(pk=stored.pk) is False
    assert (fresh(stored).state, fresh(stored).fault) == (MessageState.QUEUED, "ConnectionRefusedError")


def test_a_receiver_that_does_not_exist_fails_at_once_and_is_seen(mail_server: SmtpPeer) -> None:
    stored = message()
    mail_server.refuse_receiver = "550 no such user ana@home.example"
    delivery.deliver(pk=stored.pk)
    failed = fresh(stored)
    assert (failed.state, failed.fault) == (MessageState.FAILED, "SMTPRecipientsRefused")
    assert events() == [Event.MESSAGE_FAILED]


def test_a_receiver_that_is_busy_is_tried_again(mail_server: SmtpPeer) -> None:
    stored = message()
    mail_server.refuse_receiver = "450 mailbox busy"
    delivery.deliver(pk=stored.pk)
    assert fresh(stored).state == MessageState.QUEUED


@pytest.mark.parametrize("what", ["refuse_receiver", "refuse_data"])
@pytest.mark.parametrize(
    ("code", "state"),
    [
        (499, MessageState.QUEUED),
        (500, MessageState.FAILED),
        (599, MessageState.FAILED),
        (600, MessageState.QUEUED),
    ],
)
def test_what_a_server_never_takes_has_failed(what: str, code: int, state: str, mail_server: SmtpPeer) -> None:
    stored = message()
    setattr(mail_server, what, f"{code} no")
    delivery.deliver(pk=stored.pk)
    assert fresh(stored).state == state


def test_after_the_last_pause_it_has_failed(mail_server: SmtpPeer) -> None:
    stored = message()
    mail_server.refuse_data = "451 try later"
    for pause in delivery.PAUSES:
        with time_machine.travel(timezone.now(), tick=False):
            delivery.deliver(pk=stored.pk)
            assert (fresh(stored).state, fresh(stored).next_attempt_at) == (MessageState.QUEUED, timezone.now() + pause)
        make_due(stored)
    delivery.deliver(pk=stored.pk)
    assert (fresh(stored).state, fresh(stored).attempts) == (MessageState.FAILED, len(delivery.PAUSES) + 1)


def test_a_message_that_can_not_be_rendered_stays_and_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = message()
    monkeypatch.setattr(kind_of(MessageKind.FOOTAGE_REQUEST), "build", lambda context: {})
    assert delivery.deliver(pk=stored.pk) is False
    assert (fresh(stored).state, fresh(stored).fault) == (MessageState.QUEUED, "ImproperlyConfigured")
    assert mail.outbox == []


def test_one_that_is_withdrawn_while_it_is_sent_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = message()
    monkeypatch.setattr(Email, "hand_over", lambda _channel, sent: Message.objects.filter(pk=sent.pk).delete())
    delivery.deliver(pk=stored.pk)
    assert not Message.objects.exists()


def test_the_sent_mark_needs_its_entry(mail_server: SmtpPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = message()

    def no_entry(**entry: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr(delivery, "record", no_entry)
    with pytest.raises(RuntimeError, match="the log is full"):
        delivery.deliver(pk=stored.pk)
    assert fresh(stored).state == MessageState.SENDING


def test_the_sweeper_takes_back_a_claim_whose_lease_is_over(offered: list[object], mail_server: SmtpPeer) -> None:
    stored = message()
    offered.clear()
    delivery._claim(stored.pk)
    assert (delivery.sweep(), offered) == (0, [])
    Message.objects.update(claimed_at=timezone.now() - delivery.LEASE)
    assert (delivery.sweep(), offered) == (1, [stored.pk])
    assert delivery.deliver(pk=stored.pk) is True
    assert mail_server.message_ids == [stored.message_id]


def test_a_message_that_kills_its_workers_fails_in_the_end(offered: list[object]) -> None:
    stored = message()
    for _ in range(len(delivery.PAUSES) + 1):
        assert delivery._claim(stored.pk) is not None
        Message.objects.update(claimed_at=timezone.now() - delivery.LEASE)
        delivery.sweep()
    assert (fresh(stored).state, fresh(stored).fault) == (MessageState.FAILED, "worker lost")


def test_a_worker_that_lost_its_claim_does_not_end_the_next_one() -> None:
    stored = message()
    slow = delivery._claim(stored.pk)
    assert slow is not None
    Message.objects.update(claimed_at=timezone.now())
    delivery._put_back(slow, "TimeoutError", final=False)
    assert fresh(stored).state == MessageState.SENDING


@pytest.mark.parametrize(("early", "taken"), [(timedelta(), True), (timedelta(microseconds=1), False)])
def test_a_claim_is_taken_back_when_its_lease_is_over(early: timedelta, taken: bool, offered: list[object]) -> None:
    claimed = message()
    delivery._claim(claimed.pk)
    now = timezone.now()
    Message.objects.update(claimed_at=now - delivery.LEASE + early)
    offered.clear()
    with time_machine.travel(now, tick=False):
        delivery.sweep()
        assert delivery.sweep() == 0  # what was offered just now has its time
    assert offered == ([claimed.pk] if taken else [])


def test_health_tells_how_long_the_oldest_one_waits() -> None:
    assert (delivery_health().undelivered, delivery_health().oldest_seconds) == (0, 0)
    message()
    Message.objects.update(queued_at=timezone.now() - timedelta(minutes=20))
    health = delivery_health()
    assert (health.undelivered, health.oldest_seconds // 60, health.is_late) == (1, 20, True)


def failed_twice(mail_server: SmtpPeer, what: str = "refuse_data") -> Message:
    """Write a message that the mail server refuses for now, twice."""
    stored = message()
    setattr(mail_server, what, "451 try later")
    for _attempt in range(2):
        make_due(stored)
        delivery.deliver(pk=stored.pk)
    setattr(mail_server, what, "")
    return stored


def test_health_tells_that_nothing_goes_out(mail_server: SmtpPeer) -> None:
    before = message()
    stored = failed_twice(mail_server)
    assert (delivery_health().is_failing, delivery_health().is_late) == (True, True)
    delivery.deliver(pk=before.pk)
    assert fresh(stored).state == MessageState.QUEUED
    assert not delivery_health().is_late, "another one went out since"


def test_one_failure_is_an_accident_and_one_receiver_is_not_the_server(mail_server: SmtpPeer) -> None:
    mail_server.refuse_data = "451 try later"
    delivery.deliver(pk=message().pk)
    mail_server.refuse_data = ""
    failed_twice(mail_server, "refuse_receiver")
    assert not delivery_health().is_failing


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_reach_for_one_message_send_it_once(mail_server: SmtpPeer) -> None:
    stored = message()
    start = threading.Barrier(4)
    outcomes: list[bool] = []

    def work() -> None:
        try:
            start.wait()
            outcomes.append(delivery.deliver(pk=stored.pk))
        finally:
            connection.close()

    _run_together(work, 4)
    assert sorted(outcomes) == [False, False, False, True]
    assert mail_server.message_ids == [stored.message_id]


def _run_together(work: Callable[[], None], number: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
