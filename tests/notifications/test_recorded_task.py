"""A task's refusal is recorded, in a transaction of its own."""

from collections.abc import Iterator

import pytest
from celery import current_app
from django.db import transaction

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.lifecycle import Denied, NotYours, Refused, Stale
from fusus_portal.ground.recorded_task import RecordedTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused_task() -> Iterator[object]:
    """A task that is refused in the middle of its act."""

    @current_app.task(name="tests.refused")
    def refused(kind: str) -> None:
        with transaction.atomic():
            raise {kind.__name__: kind for kind in (Refused, Stale, NotYours)}[kind](
                "Not now.", subject=("request", "17")
            )

    yield refused
    current_app.tasks.unregister("tests.refused")


def test_every_task_of_the_portal_is_one() -> None:
    ours = [task for name, task in current_app.tasks.items() if not name.startswith("celery.")]
    assert ours
    assert all(isinstance(task, RecordedTask) for task in ours)


@pytest.mark.parametrize(
    ("denied", "event"),
    [(Refused, Event.ACT_REFUSED), (Stale, Event.ACT_STALE), (NotYours, Event.ACT_NOT_FOUND)],
)
def test_a_refusal_has_its_entry(refused_task: RecordedTask, denied: type[Denied], event: Event) -> None:
    result = refused_task.apply(args=(denied.__name__,))
    assert isinstance(result.result, denied)
    entry = AuditEntry.objects.get()
    assert (entry.event, entry.outcome) == (event, "refused")
    assert (entry.actor_kind, entry.actor_id) == ("task", "tests.refused")
    assert (entry.subject_kind, entry.subject_id) == ("request", "17")


def test_a_broken_task_is_no_refusal(refused_task: RecordedTask) -> None:
    refused_task.apply(args=("no such kind",))
    assert not AuditEntry.objects.exists()
