"""Entries of several people about several things."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from audit.console.search.query import LogQuery
from audit.console.search.steps import Found, Way, walk
from audit.log.actors import Actor, ActorKind, Source, Subject, acting_from
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record_at_once

KIM = Actor(ActorKind.USER, "4a54dd6e-8a2b-4a49-a9f4-64f9e43f4f5b", role="deputy", pseudonym="Deputy K7Q2")
LEE = Actor(ActorKind.USER, "7c1f4a52-2f3e-4b1c-9d55-0e5cf7aa1234", role="supervisor", pseudonym="Supervisor B3N8")
CAMERA = str(UUID(int=7))
OTHER_CAMERA = str(UUID(int=8))
INCIDENT = str(UUID(int=9))

Write = Callable[..., AuditEntry]


def write(event: Event = Event.INCIDENT_VIEWED, *, address: str = "", **said: object) -> AuditEntry:
    """Write one entry in a transaction of its own."""
    filled = {"actor": KIM, "subject": Subject("incident", INCIDENT), **said}
    with acting_from(Source(address=address, user_agent="Test browser" if address else "")), transaction.atomic():
        return record_at_once(event=event, **filled)  # type: ignore[arg-type]


def ids(wanted: LogQuery, **way: object) -> list[int]:
    """Return the ids that a search finds."""
    return [entry.pk for entry in found(wanted, **way).entries]


def found(wanted: LogQuery, **way: object) -> Found:
    """Return what a search finds."""
    return walk(wanted, Way(**{"most": 50, "seconds": 5.0, **way}))  # type: ignore[arg-type]


@pytest.fixture
def story(db: None) -> dict[str, AuditEntry]:
    """Write a small log: two people, two cameras, an incident, a refusal, a visitor's address."""
    shown = {"camera": CAMERA, "incident": INCIDENT, "area": "35203", "premises_type": "home"}
    return {
        "opened": write(Event.INCIDENT_OPENED, incident=INCIDENT, offence_type="burglary", address="203.0.113.9"),
        "shown": write(Event.CAMERA_SHOWN, subject=Subject("camera", CAMERA), reason="A grey van.", **shown),
        "other": write(
            Event.CAMERA_SHOWN, subject=Subject("camera", OTHER_CAMERA), camera=OTHER_CAMERA, actor=LEE, area="35222"
        ),
        "refused": write(Event.ACT_REFUSED, actor=LEE, subject=Subject("page", "audit"), outcome="refused"),
        "evidence": write(Event.EVIDENCE_OPENED, subject=Subject("evidence", str(uuid4())), address="203.0.113.9"),
    }
