"""A message that links to a receipt waits for the seal of its entry, and not for longer than ten minutes."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from audit.log.actors import Actor, ActorKind
from audit.log.events import Event
from audit.log.services import record_at_once
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.selectors import Contact
from fusus_portal.ground.notifications.services import delivery
from fusus_portal.ground.notifications.states import MessageState
from tests.notifications.conftest import ABOUT, sent
from tests.peers.smtp import SmtpPeer
from tests.sealed_log import SealedLog

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sample_builders")]
TEN_MINUTES = timedelta(minutes=10)
ANA = Contact("ana@home.example", "en")


@pytest.fixture(autouse=True)
def as_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait as long as a deployment does."""
    monkeypatch.setattr(delivery, "SEAL_WAIT", TEN_MINUTES)


def waiting_message() -> Message:
    """Write a message in the act that writes its entry."""
    with transaction.atomic():
        entry = record_at_once(
            event=Event.REQUEST_SENT, actor=Actor(ActorKind.TASK, "test", role="task"), subject=ABOUT
        )
        return sent(
            kind=MessageKind.FOOTAGE_REQUEST,
            to=ANA,
            about=ABOUT,
            context={"place": "Oak Street"},
            waits_for=entry.pk,
        )


def queued_ago(message: Message, ago: timedelta) -> None:
    """Let time pass since a message was written."""
    Message.objects.filter(pk=message.pk).update(queued_at=timezone.now() - ago)


def test_it_waits_untouched_until_its_entry_is_sealed(
    sealed_log: SealedLog, offered: list[object], mail_server: SmtpPeer
) -> None:
    message = waiting_message()
    assert delivery.deliver(pk=message.pk) is False
    stored = Message.objects.get(pk=message.pk)
    assert (stored.state, stored.attempts, stored.fault) == (MessageState.QUEUED, 0, "")
    sealed_log.seal()
    assert delivery.deliver(pk=message.pk) is True
    assert mail_server.message_ids == [message.message_id]


def test_after_ten_minutes_it_goes_without(offered: list[object], mail_server: SmtpPeer) -> None:
    message = waiting_message()
    queued_ago(message, TEN_MINUTES - timedelta(seconds=20))
    assert delivery.deliver(pk=message.pk) is False
    with time_machine.travel(timezone.now(), tick=False):
        queued_ago(message, TEN_MINUTES)
        assert delivery.deliver(pk=message.pk) is True
    assert mail_server.message_ids == [message.message_id]


def test_no_worker_hears_of_it_before(sealed_log: SealedLog, offered: list[object], mail_server: SmtpPeer) -> None:
    message = waiting_message()
    assert (delivery.sweep(), offered) == (0, [])
    sealed_log.seal()
    late = waiting_message()
    assert (delivery.sweep(), offered) == (1, [message.pk])
    queued_ago(late, TEN_MINUTES)
    assert (delivery.sweep(), offered) == (1, [message.pk, late.pk])


def test_those_that_wait_stop_no_other(offered: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "AT_ONCE", 2)
    for _number in range(3):
        waiting_message()
    with transaction.atomic():
        free = sent(kind=MessageKind.FOOTAGE_REQUEST, to=ANA, about=ABOUT, context={})
    Message.objects.update(offered_at=None)
    offered.clear()
    assert (delivery.sweep(), offered) == (1, [free.pk])


def test_one_that_waits_for_nothing_asks_for_nothing(
    offered: list[object], mail_server: SmtpPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "is_sealed", lambda entry: pytest.fail("asked for a seal"))
    with transaction.atomic():
        message = sent(kind=MessageKind.FOOTAGE_REQUEST, to=ANA, about=ABOUT, context={})
    assert delivery.deliver(pk=message.pk) is True
