"""Entries as an auditor reads them: who acted, the reason as typed, the facts."""

import pytest
from django.db import transaction

from audit.console.entry import rows_of
from audit.log.actors import VISITOR, Actor, ActorKind, Subject
from audit.log.events import Event
from audit.log.services import record_at_once


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("actor", "who"),
    [
        (VISITOR, "A visitor"),
        (Actor(ActorKind.LINK, "17", role="link"), "The owner, by link"),
        (Actor(ActorKind.TASK, "registry.sweep_uploads", role="task"), "The portal itself"),
        (Actor(ActorKind.USER, "4", role="deputy", pseudonym="Deputy K7Q2"), "Deputy K7Q2"),
        (Actor(ActorKind.USER, "5", role="resident"), "Resident"),
    ],
)
def test_an_auditor_reads_who_why_and_what(actor: Actor, who: str) -> None:
    with transaction.atomic():
        entry = record_at_once(
            event=Event.INCIDENT_OPENED,
            actor=actor,
            subject=Subject("incident", "1"),
            reason="A grey van left the alley.",
            facts={"b": 2, "a": "one"},
        )
    (row,) = rows_of([entry])
    assert (row["who"], row["reason"], row["facts"]) == (who, "A grey van left the alley.", "a: one, b: 2")
