"""An outbox whose messages need no other app, a mail server, and a broker that is gone."""

from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from django.db import transaction
from pytest_django import Settings

from audit.log.actors import Subject
from fusus_portal.ground.notifications import publishing
from fusus_portal.ground.notifications.kinds import MessageKind, all_kinds
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.selectors import Contact
from fusus_portal.ground.notifications.services import outbox
from tests.notifications import samples
from tests.peers.smtp import SmtpPeer, smtp_peer

NOBODY_LISTENS = "redis://127.0.0.1:1/0"
ABOUT = Subject("request", "0b6f0c1e-6d3b-4c7e-9a55-0f7c53a1c001")


@pytest.fixture
def sample_builders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every kind be rendered from samples."""
    for kind in all_kinds():
        monkeypatch.setattr(kind, "build", samples.builder(kind.name))


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Collect what is handed to the broker instead of handing it over."""
    handed: list[object] = []

    def offer(pk: object, **how: object) -> bool:
        handed.append(pk)
        return True

    def wake(task: str) -> bool:
        handed.append(task)
        return True

    monkeypatch.setattr(publishing.broker, "offer", offer)
    monkeypatch.setattr(publishing.broker, "wake", wake)
    return handed


@pytest.fixture
def broker_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Point the task queue at an address without a listener."""
    monkeypatch.setattr(current_app.conf, "broker_url", NOBODY_LISTENS)
    monkeypatch.setattr(publishing.broker, "_quiet_until", 0.0)
    monkeypatch.setattr(publishing.broker, "_connection", None)


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[SmtpPeer]:
    """Send mail to a real server on loopback."""
    with smtp_peer() as peer:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = peer.port
        settings.EMAIL_TIMEOUT = 5
        yield peer


def sent(**asked: Any) -> Message:
    """Write a message to somebody with an address, and return it."""
    message = outbox.send(**asked)
    assert message is not None
    return message


def message(*, kind: MessageKind = MessageKind.FOOTAGE_REQUEST, to: str = "ana@home.example") -> Message:
    """Write one message in a transaction of its own, and return it as it is stored."""
    with transaction.atomic():
        return sent(kind=kind, to=Contact(to, "en"), about=ABOUT, context={"place": "Oak Street"})
