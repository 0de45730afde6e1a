"""A monitor learns which part fails, and nothing else."""

import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisIsDown

from audit.log.actors import Subject
from fusus_portal import __version__
from fusus_portal.ground import heartbeats
from fusus_portal.ground.heartbeats import Part
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.publishing import DELIVER
from fusus_portal.ground.notifications.selectors import Contact
from fusus_portal.ground.notifications.services import outbox
from fusus_portal.ground.queues import FIRST, LATER
from fusus_portal.site import health
from registry.footage import storage


def test_it_lives_without_a_database(visitor_client: Client) -> None:
    answer = visitor_client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each process have shown just now that it lives."""
    monkeypatch.setattr(heartbeats, "_shown", {})
    for part in Part:
        heartbeats.show(part)


@pytest.mark.django_db
def test_it_is_ready_when_all_parts_work(visitor_client: Client, shown: None) -> None:
    answer = visitor_client.get("/health/ready")
    assert answer.status_code == 200
    parts = ("database", "redis", "outbox", "ledger", "live", "relays", "queues", "uploads", "worker", "beat", "sealer")
    assert answer.json() == {"status": "ok", "version": __version__, "checks": dict.fromkeys(parts, "ok")}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("part", "error"),
    [("database", DatabaseError("secret of the server")), ("redis", RedisIsDown("secret of the server"))],
)
def test_it_is_not_ready_while_a_part_is_down(
    part: str, error: Exception, visitor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> str:
        raise error

    monkeypatch.setitem(health.CHECKS, part, down)
    answer = visitor_client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"][part] == "failing"
    assert "secret" not in answer.content.decode()


@pytest.mark.django_db
def test_it_is_not_ready_when_redis_keeps_nothing(visitor_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "set", lambda *arguments, **options: None)
    assert visitor_client.get("/health/ready").json()["checks"]["redis"] == "failing"


@pytest.mark.django_db
def test_late_mail_is_told_and_takes_no_page_away(visitor_client: Client) -> None:
    message = waiting_message()
    Message.objects.filter(pk=message.pk).update(queued_at=timezone.now() - timedelta(minutes=16))
    answer = visitor_client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "late")


@pytest.mark.django_db
@pytest.mark.parametrize("queue", settings.QUEUES)
@pytest.mark.parametrize(("minutes", "word"), [(1.9, "ok"), (2.1, "late")])
def test_a_queue_that_nobody_empties_is_told_after_two_minutes(
    queue: str, minutes: float, word: str, visitor_client: Client, shown: None
) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=minutes), tick=False):
        current_app.signature("audit.make_print", args=["1"]).apply_async(queue=queue)
    answer = visitor_client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"], answer.json()["checks"]["queues"]) == (200, word, word)


@pytest.mark.django_db
def test_what_waits_behind_is_told_too(visitor_client: Client, shown: None) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=3), tick=False):
        current_app.signature(DELIVER, args=["1"]).apply_async(priority=LATER)
    current_app.signature(DELIVER, args=["2"]).apply_async(priority=FIRST)
    assert visitor_client.get("/health/ready").json()["checks"]["queues"] == "late"


@pytest.mark.django_db
@pytest.mark.parametrize(("missing", "word"), [(0, "ok"), (1, "late")])
def test_a_disk_that_takes_no_more_uploads_is_told(
    missing: int, word: str, visitor_client: Client, shown: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = storage.RESERVE - missing
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(total=2**50, used=0, free=free))
    answer = visitor_client.get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["uploads"]) == (200, word)


@pytest.mark.django_db
def test_a_mail_server_that_takes_nothing_is_told_within_minutes(visitor_client: Client, shown: None) -> None:
    message = waiting_message()
    Message.objects.filter(pk=message.pk).update(attempts=2, fault="ConnectionRefusedError")
    answer = visitor_client.get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["outbox"]) == (200, "late")


@pytest.mark.django_db
@pytest.mark.parametrize("gone", Part)
def test_a_process_that_stops_is_named_within_a_minute_and_takes_no_page_away(
    gone: Part, visitor_client: Client, shown: None
) -> None:
    with time_machine.travel(timezone.now() + timedelta(seconds=50), tick=False):
        heartbeats._shown.clear()
        for part in set(Part) - {gone}:
            heartbeats.show(part)
        answer = visitor_client.get("/health/ready")
    found = answer.json()
    assert (answer.status_code, found["status"]) == (200, "late")
    assert [name for name, state in found["checks"].items() if state != "ok"] == [gone.value]


@pytest.mark.django_db
def test_a_process_that_was_never_started_is_told_from_one_that_stopped(visitor_client: Client, shown: None) -> None:
    cache.delete("alive:sealer")
    found = visitor_client.get("/health/ready").json()
    assert (found["status"], found["checks"]["sealer"], found["checks"]["worker"]) == (
        "not started",
        "not started",
        "ok",
    )


def test_a_process_goes_on_while_it_can_not_show_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*arguments: object, **named: object) -> None:
        raise RedisIsDown("away")

    monkeypatch.setattr(heartbeats, "_shown", {})
    monkeypatch.setattr(cache, "set", away)
    heartbeats.show(Part.SEALER)


@pytest.mark.django_db
def test_it_does_not_count_messages_in_public(visitor_client: Client) -> None:
    before = visitor_client.get("/health/ready").content
    waiting_message()
    assert visitor_client.get("/health/ready").content == before


def waiting_message() -> Message:
    with transaction.atomic():
        written = outbox.send(
            kind=MessageKind.REGISTRATION_CONFIRMED,
            to=Contact("ana@people.example", "en"),
            about=Subject("registrant", "1"),
            context={"registrant": "1", "cameras": 1},
        )
    assert written is not None
    return written
