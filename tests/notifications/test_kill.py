"""Worker and broker are killed in the middle of 500 messages: each arrives, under one Message-ID."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from fusus_portal.demo.servers import valkey
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.selectors import Contact
from fusus_portal.ground.notifications.services.delivery import LEASE
from fusus_portal.ground.notifications.states import MessageState
from tests.database.clone import Clone
from tests.notifications.conftest import ABOUT, sent
from tests.peers.smtp import SmtpPeer
from tests.peers.worker import Worker, worker

MESSAGES = 500
MIDDLE = 150
LONGEST_WAIT = 180.0
CHILDREN = 2


@pytest.fixture
def environment(portal_db: Clone, own_valkey: valkey.Valkey, mail_server: SmtpPeer, tmp_path: Path) -> dict[str, str]:
    """Return the environment of the worker's process."""
    return {
        "DJANGO_SETTINGS_MODULE": "tests.notifications.worker_settings",
        "DATABASE_URL": portal_db.address("portal_app"),
        "REDIS_URL": own_valkey.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}?tls=no",
        "BEAT_FILE": str(tmp_path / "beat"),
    }


@pytest.mark.long
@pytest.mark.usefixtures("sample_builders")
def test_500_messages_survive_the_death_of_worker_and_broker(
    environment: dict[str, str], own_valkey: valkey.Valkey, mail_server: SmtpPeer, tmp_path: Path
) -> None:
    mail_server.hold_after = MIDDLE
    expected = write_all()
    with worker(environment, tmp_path / "first.log") as first:
        wait_until(mail_server.holding.is_set, first)
        first.kill()
        kill(own_valkey)
    claimed = Message.objects.filter(state=MessageState.SENDING)
    in_flight = set(claimed.values_list("message_id", flat=True))
    claimed.update(claimed_at=timezone.now() - LEASE)  # instead of waiting for two minutes
    taken_unanswered = mail_server.message_ids[MIDDLE - 1]
    mail_server.hold_after = None
    mail_server.let_go.set()
    valkey.start(own_valkey)

    with worker(environment, tmp_path / "second.log") as second:
        wait_until(lambda: not Message.objects.exclude(state=MessageState.SENT).exists(), second)
    times = Counter(mail_server.message_ids)
    twice = {message_id for message_id, count in times.items() if count > 1}
    assert set(times) == expected
    assert taken_unanswered in twice, "the mail server had it, and nobody knew"
    assert twice <= in_flight
    assert len(in_flight) <= CHILDREN


def write_all() -> set[str]:
    """Write all messages in one act; return their Message-IDs."""
    with transaction.atomic():
        return {
            sent(
                kind=MessageKind.FOOTAGE_REQUEST,
                to=Contact(f"owner{number}@home.example", "en"),
                about=ABOUT,
                context={"place": f"Oak Street {number}"},
            ).message_id
            for number in range(MESSAGES)
        }


def kill(server: valkey.Valkey) -> None:
    """End the broker at once (SIGKILL) with all that it holds."""
    process = valkey.running(server)
    assert process is not None
    process.kill()
    process.wait(timeout=10)


def wait_until(done: Callable[[], bool], running: Worker) -> None:
    """Wait for something that must come while the worker runs; show its log when it doesn't."""
    deadline = time.monotonic() + LONGEST_WAIT
    while not done():
        assert running.is_running(), running.log.read_text()
        assert time.monotonic() < deadline, running.log.read_text()
        time.sleep(0.1)
