"""Entries as acts write them, written at once: a county's month takes seconds."""

from uuid import uuid4

from django.db import transaction

from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.services import Line, record_many
from tests.audit.ledger.conftest import DEPUTY


def of_incidents(
    event: Event,
    incidents: int,
    *,
    each: int = 1,
    crime: str = "burglary",
    premises: str = "business",
    area: str = "35203",
    facts: dict[str, int | str] | None = None,
) -> None:
    """Write so many entries for each of so many incidents, about cameras of their own where owners read the event."""
    for _incident in range(incidents):
        incident = str(uuid4())
        lines = [
            Line(
                Subject("camera", str(uuid4())),
                camera=str(uuid4()) if event.owner else "",
                premises_type=premises,
                area=area,
                facts=facts or {},
            )
            for _each in range(each)
        ]
        with transaction.atomic():
            record_many(event=event, actor=DEPUTY, lines=lines, incident=incident, offence_type=crime)
