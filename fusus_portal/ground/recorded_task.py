from typing import Any

from celery import Task

from audit.log.actors import Actor, ActorKind, Subject
from audit.log.events import REFUSALS, Event
from audit.log.services import record_refusal
from fusus_portal.ground.lifecycle import Denied


class RecordedTask(Task):  # type: ignore[type-arg]
    """Base of all tasks: one that ends with `Denied` records the refusal, in a transaction of its own."""

    throws = (Denied,)

    def on_failure(
        self, exc: Exception, task_id: str, args: tuple[Any, ...], kwargs: dict[str, Any], einfo: object
    ) -> None:
        # Other failures are only logged.
        if not isinstance(exc, Denied):
            return
        kind, identity = exc.subject or ("task", self.name)
        record_refusal(
            event=REFUSALS.get(type(exc), Event.ACT_REFUSED),
            actor=Actor(ActorKind.TASK, self.name, role="task"),
            subject=Subject(kind, identity),
            facts={"task": self.name, "sentence": exc.sentence},
        )
