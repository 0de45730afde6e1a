"""More messages than a slow worker can send: none is offered in vain, and an urgent one waits for few others."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from redis import Redis

from fusus_portal.demo.servers import valkey
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.selectors import Contact
from fusus_portal.ground.notifications.services import outbox
from fusus_portal.ground.notifications.services.outbox import Letter
from fusus_portal.ground.notifications.states import MessageState
from tests.database.clone import Clone
from tests.notifications.conftest import ABOUT, sent
from tests.peers.smtp import SmtpPeer
from tests.peers.worker import Worker, worker

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("sample_builders")]

SLOW_SECONDS = 0.4
"""Of the mail server for each message. Two processes send some 50 messages a second where it takes none."""

SLOW_FOR = 90.0
LONGEST_WAIT = 480.0
MOST_TASKS = 1_050
"""For a thousand messages. Twice as many are too many; the rule takes one for each, but for one at work just then."""
DELIVERY = '"task": "notifications.deliver"'


@pytest.fixture
def environment(portal_db: Clone, own_valkey: valkey.Valkey, mail_server: SmtpPeer, tmp_path: Path) -> dict[str, str]:
    """Return what the worker's process needs to know."""
    return {
        "DJANGO_SETTINGS_MODULE": "tests.notifications.worker_settings",
        "DATABASE_URL": portal_db.address("portal_app"),
        "REDIS_URL": own_valkey.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}?tls=no",
        "BEAT_FILE": str(tmp_path / "beat"),
        "SWEEP_SECONDS": str(settings.TASK_TIMES["notifications.sweep"]),
    }


class Counter:
    """Tasks that the broker was given for deliveries."""

    def __init__(self) -> None:
        self.tasks = 0

    def listen(self, url: str, ends: threading.Event) -> None:
        """Count until told to end."""
        with Redis.from_url(url, socket_timeout=None) as client, client.monitor() as watched:
            while not ends.is_set():
                said = watched.next_command()["command"]
                self.tasks += said.startswith("LPUSH") and DELIVERY in said.replace("\\", "")


@contextmanager
def counted(server: valkey.Valkey) -> Iterator[Counter]:
    """Count deliveries that are handed to the workers."""
    counter, ends = Counter(), threading.Event()
    listener = threading.Thread(target=counter.listen, args=(server.url, ends))
    listener.start()
    try:
        yield counter
    finally:
        ends.set()
        with Redis.from_url(server.url) as client:
            client.ping()  # something to hear
        listener.join()


def canvass(owners: int) -> None:
    """Write to many owners in one act."""
    letters = [
        Letter(Contact(f"owner{number}@home.example", "en"), ABOUT, {"place": f"Oak Street {number}"})
        for number in range(owners)
    ]
    with transaction.atomic():
        outbox.send_many(kind=MessageKind.FOOTAGE_REQUEST, letters=letters)


def undelivered() -> int:
    """Count what has not been sent."""
    return Message.objects.exclude(state=MessageState.SENT).count()


def until_none_waits(running: Worker) -> None:
    """Wait for the last message."""
    deadline = time.monotonic() + LONGEST_WAIT
    while waiting := undelivered():
        assert running.is_running(), running.log.read_text()
        assert time.monotonic() < deadline, f"{waiting} wait: {running.log.read_text()}"
        time.sleep(0.5)


def test_a_worker_at_a_tenth_of_its_speed_gets_no_task_in_vain(
    environment: dict[str, str], own_valkey: valkey.Valkey, mail_server: SmtpPeer, tmp_path: Path
) -> None:
    mail_server.seconds = SLOW_SECONDS
    with counted(own_valkey) as counter, worker(environment, tmp_path / "worker.log") as running:
        canvass(1_000)
        end = time.monotonic() + SLOW_FOR
        while time.monotonic() < end:
            assert counter.tasks <= MOST_TASKS, f"{counter.tasks} tasks for 1,000 messages"
            time.sleep(0.5)
        assert undelivered() > 100, "the worker was not slow"
        mail_server.seconds = 0.0
        until_none_waits(running)
    assert len(mail_server.received) == 1_000
    assert 1_000 <= counter.tasks <= MOST_TASKS


def test_an_invitation_leaves_within_30_seconds_beside_a_canvass_of_5000(
    environment: dict[str, str], mail_server: SmtpPeer, tmp_path: Path
) -> None:
    mail_server.seconds = SLOW_SECONDS
    with worker(environment, tmp_path / "worker.log") as running:
        canvass(5_000)
        while len(mail_server.received) < 20:
            assert running.is_running(), running.log.read_text()
            time.sleep(0.1)
        begun = time.monotonic()
        with transaction.atomic():
            invitation = sent(
                kind=MessageKind.INVITATION, to=Contact("new@sheriff.example", "en"), about=ABOUT, context={}
            )
        while invitation.message_id not in mail_server.message_ids[20:]:
            assert time.monotonic() < begun + 30, f"{len(mail_server.received)} others left before it"
            time.sleep(0.1)
    assert undelivered() > 4_000
