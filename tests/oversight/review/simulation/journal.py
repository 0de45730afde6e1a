"""How the simulated work gets into the log: by its own services, or in bulk by the statement that they use."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from audit.log.actors import Actor, Source, Subject, acting_from
from audit.log.events import Event
from audit.log.models import AuditDetail, AuditEntry
from audit.log.services import Line, record, record_each
from fusus_portal.ground.database.writing import insert_many
from tests.oversight.review.simulation.county import Officer, Spot


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of honest everyday work."""

    event: Event
    actor: Actor
    source: Source
    subject: Subject
    incident: str = ""
    camera: str = ""
    area: str = ""
    outcome: str = "done"
    facts: Mapping[str, int | str] = field(default_factory=dict)


def write(rows: Iterable[Row]) -> None:
    """Write entries of many people in one statement, as `record_each` writes those of one."""
    there = sorted(rows, key=lambda row: row.camera)
    if not there:
        return
    places = {row.source for row in there if row.source.address}
    with transaction.atomic():
        digests = _detailed(places)
        nothing = {"address_digest": None, "agent_digest": None}
        columns = [_columns(row) | digests.get(row.source, nothing) for row in there]
        insert_many(
            AuditEntry,
            shared={"reason_digest": None},
            varying={name: [each[name] for each in columns] for name in columns[0]},
        )


def search(officer: Officer, source: Source, *, incident: str, spot: Spot, canvass: str, reason: str) -> None:
    """Write the entries of a canvass that is drafted, shown and sent."""
    about = Subject("canvass", canvass)
    lines = [
        Line(Subject("camera", camera), camera, "home", spot.zip_code, {"canvass": canvass}) for camera in spot.cameras
    ]
    shared: dict[str, Any] = {
        "actor": officer.actor,
        "incident": incident,
        "reason": reason,
        "offence_type": "burglary",
    }
    with acting_from(source), transaction.atomic():
        record(event=Event.CANVASS_DRAFTED, subject=about, facts={"cameras": len(lines)}, **shared)
        record_each(event=Event.CAMERA_FOUND, lines=lines, **shared)
        record_each(event=Event.CAMERA_SHOWN, lines=lines, **shared)
        record(event=Event.CANVASS_SENT, subject=about, facts={"owners": len(lines)}, **shared)
        record_each(event=Event.CAMERA_ASKED, lines=lines, **shared)


def _columns(row: Row) -> dict[str, Any]:
    return {
        "event": row.event.value,
        "outcome": row.outcome,
        "actor_kind": row.actor.kind.value,
        "actor_id": row.actor.id,
        "actor_role": row.actor.role,
        "actor_pseudonym": row.actor.pseudonym,
        "sign_in": row.source.sign_in,
        "subject_kind": row.subject.kind,
        "subject_id": row.subject.id,
        "incident_id": row.incident,
        "camera_id": row.camera,
        "offence_type": "burglary" if row.incident else "",
        "premises_type": "business" if row.camera else "",
        "area": row.area,
        "facts": row.facts,
    }


def _detailed(places: set[Source]) -> dict[Source, dict[str, bytes]]:
    """Keep the address and browser of each place, and return their digests."""
    found: dict[Source, dict[str, bytes]] = {}
    kinds, texts, salts, kept = [], [], [], []
    for place in places:
        found[place] = {}
        for kind, text in ((AuditDetail.Kind.ADDRESS, place.address), (AuditDetail.Kind.AGENT, place.user_agent)):
            salt = secrets.token_bytes(16)
            digest = hashlib.sha256(salt + text.encode()).digest()
            found[place][f"{kind}_digest"] = digest
            kinds.append(kind)
            texts.append(text)
            salts.append(salt)
            kept.append(digest)
    insert_many(
        AuditDetail,
        shared={"incident_id": ""},
        varying={"kind": kinds, "text": texts, "salt": salts, "digest": kept},
    )
    return found
