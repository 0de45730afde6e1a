"""What an owner reads about who looked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from audit.actors import ActorKind
from audit.events import Event
from audit.ledger.receipts import Seal
from audit.models import AuditEntry
from audit.selectors import reasons_of
from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import Role
from registry.models import Camera
from registry.policies.looks import SHOWN_REASONS
from registry.presenters.receipts import checkable
from registry.selectors.delays import Withheld
from registry.selectors.looks import IncidentFacts, incident_facts


@dataclass(frozen=True, slots=True)
class Look:
    """One entry. number: its place in the camera's own count, which has no gap. incident: its number, or "".

    offence: what the incident is about. lasted: how long a look could go on, or "". reason: where owners may read it.
    is_open: whether the owner can read what it says; of any other only camera, number and time are here.
    seal: its place in the sealed log, None where it has none yet, is not open, or was not asked for.
    parts: the entries that this line stands for, where it is more than one; newest first, itself among them.
    """

    number: int
    camera: str
    camera_id: str
    at: datetime
    who: str
    sentence: str
    incident: str = ""
    offence: str = ""
    lasted: str = ""
    reason: str = ""
    is_open: bool = True
    seal: Seal | None = None
    parts: "tuple[Look, ...]" = ()

    @property
    def checkable(self) -> str:
        """Who can check it, and from when on; what is not open yet has no receipt until then."""
        return checkable(self.seal) if self.is_open else _("Its receipt opens with it.")


@dataclass(frozen=True, slots=True)
class _Known:
    cameras: Mapping[str, str]
    incidents: Mapping[str, IncidentFacts]
    reasons: Mapping[bytes, str]
    withheld: Withheld
    reader: User
    seals: Mapping[int, Seal]


def looks_of(
    entries: Sequence[AuditEntry],
    *,
    cameras: Sequence[Camera],
    reader: User,
    withheld: Withheld,
    seals: Mapping[int, Seal] | None = None,
) -> list[Look]:
    """Return a line for each entry, as the owner `reader` sees it. At most two queries, whatever there is.

    seals: of the entries, where the page says what can be checked.
    """
    readable = [entry for entry in entries if not withheld.hides(entry)]
    known = _Known(
        cameras={str(camera.pk): camera.name for camera in cameras},
        incidents=incident_facts(readable),
        reasons=_reasons(readable),
        withheld=withheld,
        reader=reader,
        seals=seals or {},
    )
    return [_closed(entry, known) if withheld.hides(entry) else _look(entry, known) for entry in entries]


def opening(at: datetime | None) -> str:
    """Return the sentence for an entry whose content opens later. at: None when nobody can tell just now."""
    if at is None:
        return _("What this entry says can't be shown just now. Please look again later.")
    local = localtime(at)
    when = f"{date_format(local, 'DATE_FORMAT')}, {date_format(local, 'TIME_FORMAT')} {local:%Z}"
    return _("You can read what this entry says from %(when)s on.") % {"when": when}


def _look(entry: AuditEntry, known: _Known) -> Look:
    incident = known.incidents.get(entry.incident_id, IncidentFacts("", ""))
    return Look(
        number=entry.camera_number,
        camera=known.cameras.get(entry.camera_id, ""),
        camera_id=entry.camera_id,
        at=entry.at,
        who=_who(entry, known.reader),
        sentence=entry.sentence,
        incident=incident.number,
        offence=incident.offence,
        lasted=_("up to 10 minutes") if entry.event == Event.EVIDENCE_VIEWED else "",
        reason=known.reasons.get(bytes(entry.reason_digest or b""), ""),
        seal=known.seals.get(entry.pk),
    )


def _closed(entry: AuditEntry, known: _Known) -> Look:
    return Look(
        number=entry.camera_number,
        camera=known.cameras.get(entry.camera_id, ""),
        camera_id=entry.camera_id,
        at=entry.at,
        who=_("Opens later"),
        sentence=opening(known.withheld.until.get(entry.incident_id)),
        is_open=False,
    )


def _reasons(entries: Sequence[AuditEntry]) -> Mapping[bytes, str]:
    shown = [entry for entry in entries if entry.event in SHOWN_REASONS]
    return reasons_of(shown) if shown else {}


def _who(entry: AuditEntry, reader: User) -> str:
    if entry.actor_kind == ActorKind.LINK or entry.actor_id == str(reader.pk):
        return _("You")
    if entry.actor_pseudonym:
        return entry.actor_pseudonym
    if entry.actor_role in Role.values:
        return str(Role(entry.actor_role).label)
    return _("The portal itself")
