"""Entries as rows of a table, for people's own tools. Names of columns are English in every language."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Final

from django.utils import timezone

from audit import hooks
from audit.console.entry.rows import names_of_subjects
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import details_of

COLUMNS: Final = (
    "entry", "at_utc", "at_local", "event", "what", "outcome", "actor_kind", "actor_id", "actor_role",
    "actor_pseudonym", "sign_in", "subject_kind", "subject_id", "subject_name", "incident_id", "incident", "camera_id",
    "camera_number", "offense_type", "premises_type", "area", "reason", "network_address", "browser", "facts",
)  # fmt: skip

EXPIRED: Final = "[expired]"


def rows_of(entries: Sequence[AuditEntry]) -> Iterator[list[str | int]]:
    details = details_of(entries)
    texts = {digest: detail.text for digest, detail in details.items()}
    incidents = hooks.names("incident", (entry.incident_id for entry in entries))
    named = names_of_subjects(entries)
    for entry in entries:
        yield [
            entry.pk,
            f"{entry.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
            timezone.localtime(entry.at).isoformat(),
            entry.event,
            entry.sentence if entry.event in set(Event) else "",
            entry.outcome,
            entry.actor_kind,
            entry.actor_id,
            entry.actor_role,
            entry.actor_pseudonym,
            entry.sign_in,
            entry.subject_kind,
            entry.subject_id,
            named.get((entry.subject_kind, entry.subject_id), ""),
            entry.incident_id,
            incidents.get(entry.incident_id, ""),
            entry.camera_id,
            entry.camera_number or "",
            entry.offence_type,
            entry.premises_type,
            entry.area,
            *(_text(digest, texts) for digest in (entry.reason_digest, entry.address_digest, entry.agent_digest)),
            ", ".join(f"{name}: {value}" for name, value in sorted(entry.facts.items())),
        ]


def _text(digest: object, texts: dict[bytes, str]) -> str:
    if not isinstance(digest, bytes | memoryview):
        return ""
    return texts.get(bytes(digest), EXPIRED)
