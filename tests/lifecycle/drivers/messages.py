"""Steps of messages. Two of them happen while a letter is being sent, so the sending itself looks."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPDataError
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone

from fusus_portal.ground.notifications.channels.email_channel import Email
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import delivery, outbox as notifications
from fusus_portal.ground.notifications.states import MESSAGE, MessageState as State
from tests.factories import person
from tests.lifecycle.drivers import Taken, drives, look, take


class WorkerKilled(BaseException):
    """An error that ends a worker in the middle."""


def queued() -> Message:
    """Return a message that waits."""
    account = person("clerk")
    with transaction.atomic():
        message = notifications.send(
            kind=MessageKind.ACCOUNT_LOCKED,
            to=account,
            about=account.subject,
            context={"locked_at": timezone.now().isoformat()},
        )
    assert message is not None
    return message


def deliver_with(message: Message, send: Callable[[Message], None]) -> None:
    """Deliver a message by a mail server that behaves as `send` does."""
    with patch.object(Email, "hand_over", lambda _channel, sending: send(sending)):
        delivery.deliver(pk=message.pk)


def lose_worker(message: Message) -> None:
    """Let the worker die after it has claimed the message."""

    def die(_message: Message) -> None:
        raise WorkerKilled

    with pytest.raises(WorkerKilled):
        deliver_with(message, die)


@drives(MESSAGE, State.QUEUED, State.SENDING, "task")
def claim(role: str) -> Taken:
    """A worker takes a message, and is not heard of again."""
    message = queued()
    return take(message, lambda: lose_worker(message))


@drives(MESSAGE, State.SENDING, State.QUEUED, "task")
def take_back(role: str) -> Taken:
    """The lease of a lost worker is over."""
    message = queued()
    lose_worker(message)
    Message.objects.filter(pk=message.pk).update(claimed_at=timezone.now() - delivery.LEASE - timedelta(seconds=1))
    return take(message, delivery.sweep)


@drives(MESSAGE, State.SENDING, State.SENT, "task")
def send(role: str) -> Taken:
    """The mail server takes a message."""
    message, looked = queued(), []
    deliver_with(message, lambda sending: looked.append(look(sending)))
    return looked[0]


@drives(MESSAGE, State.SENDING, State.FAILED, "task")
def fail(role: str) -> Taken:
    """The mail server says that it never will take a message."""
    message, looked = queued(), []

    def refuse(sending: Message) -> None:
        looked.append(look(sending))
        raise SMTPDataError(550, b"no such mailbox")

    deliver_with(message, refuse)
    return looked[0]
