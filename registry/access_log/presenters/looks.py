"""What an owner reads about who looked: lines of a page, and rows of a table for files.

Each minute of a live view is an entry, and one line says how many there were. Names of columns are English in every
language.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Final

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.ledger.receipts import Seal, seals_of
from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import FOLDED
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.languages import written
from fusus_portal.ground.tables.archive import Cell
from registry.access_log.presenters.glass import viewed
from registry.access_log.presenters.names import named
from registry.access_log.presenters.receipts import checkable
from registry.access_log.presenters.refusals import refused
from registry.access_log.presenters.standing import Proof, proof_of
from registry.access_log.selectors.delays import Withheld, withheld_from
from registry.access_log.selectors.looks import IncidentFacts, incident_facts
from registry.access_log.selectors.reasons import readable_reasons
from registry.people.models import Registrant
from registry.places.models import Camera

A_PIECE = 1000
SENTENCES: Final[Mapping[str, Callable[[AuditEntry], str]]] = {
    Event.VIEW_REFUSED: refused,
    Event.VIEW_STARTED: viewed,
    Event.OWNER_SEEN: named,
}
"""What an owner reads of these; of all others the sentence of their event."""

COLUMNS = (
    *("at", "who", "what", "lasted", "incident", "offense", "reason", "camera", "camera_id", "entry", "open"),
    "proof",
)


@dataclass(frozen=True, slots=True)
class Look:
    """One entry. number: its place in the camera's own count, which has no gap. incident: its number, or "".

    offence: what the incident is about. lasted: how long a look could go on, how often it was, or "".
    reason: where owners may read it.
    is_open: whether the owner can read what it says; of any other only camera, number and time are here.
    opens: when that is, None where nobody can tell just now.
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
    opens: datetime | None = None
    seal: Seal | None = None
    parts: "tuple[Look, ...]" = ()

    @property
    def checkable(self) -> str:
        """Who can check it, and from when on; what is not open yet has no receipt until then."""
        return checkable(self.seal) if self.is_open else _("Its receipt opens at the same time.")

    @property
    def proof(self) -> Proof:
        """What of it can be checked."""
        return proof_of(self.seal, is_open=self.is_open)


@dataclass(frozen=True, slots=True)
class _Known:
    cameras: Mapping[str, str]
    incidents: Mapping[str, IncidentFacts]
    reasons: Mapping[bytes, str]
    withheld: Withheld
    reader: User
    seals: Mapping[int, Seal]

    def camera(self, entry: AuditEntry) -> str:
        """Return the camera that an entry is about, or that it is about the owner's name."""
        return _("Your name and address") if entry.event == Event.OWNER_SEEN else self.cameras.get(entry.camera_id, "")


def looks_of(
    entries: Sequence[AuditEntry],
    *,
    cameras: Sequence[Camera],
    reader: User,
    withheld: Withheld,
    seals: Mapping[int, Seal] | None = None,
) -> list[Look]:
    """Return a line for each entry, as the owner `reader` sees it. A fixed number of queries, whatever there is.

    seals: of the entries, where the page says what can be checked.
    """
    readable = [entry for entry in entries if not withheld.hides(entry)]
    known = _Known(
        cameras={str(camera.pk): camera.name for camera in cameras},
        incidents=incident_facts(readable),
        reasons=readable_reasons(readable),
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
    when = f"{date_format(local, 'DATE_FORMAT')}, {_clock(local)}"
    return _("You can read what this entry says from %(when)s on.") % {"when": when}


def openings(number: int, at: datetime | None) -> str:
    """Return the sentence for so many entries that open together: on a day, or at an hour of today."""
    if at is None:
        sentence = ngettext(
            "%(number)d entry can't be shown just now. Please look again later.",
            "%(number)d entries can't be shown just now. Please look again later.",
            number,
        )
        return sentence % {"number": number}
    local = localtime(at)
    if local.date() == localdate():
        sentence = ngettext("%(number)d entry opens at %(when)s", "%(number)d entries open at %(when)s", number)
        return sentence % {"number": number, "when": _clock(local)}
    sentence = ngettext("%(number)d entry opens on %(when)s", "%(number)d entries open on %(when)s", number)
    return sentence % {"number": number, "when": date_format(local, "DATE_FORMAT")}


def _clock(local: datetime) -> str:
    return f"{date_format(local, 'TIME_FORMAT')} {local:%Z}"


def grouped(entries: Sequence[AuditEntry], looks: Sequence[Look]) -> list[Look]:
    """Return the lines of a page with the minutes of one view as one of them, in the place of its newest minute.

    looks: the line of each entry. What the owner can't read yet stays a line of its own: which view it is of is
    withheld too. A view that continues on the next page has a line on each.
    """
    parts: dict[tuple[str, ...], list[Look]] = {}
    lines: list[tuple[tuple[str, ...], Look]] = []
    for entry, look in zip(entries, looks, strict=True):
        key = _key(entry, look)
        if key not in parts:
            lines.append((key, look))
        parts.setdefault(key, []).append(look)
    return [_line(look, parts[key]) for key, look in lines]


def lines_of(
    entries: Sequence[AuditEntry], *, cameras: Sequence[Camera], reader: User, withheld: Withheld
) -> list[Look]:
    """Return the lines of a part of a page, as `looks_of` and `grouped` make them."""
    return grouped(entries, looks_of(entries, cameras=cameras, reader=reader, withheld=withheld))


def rows_of(
    entries: QuerySet[AuditEntry], *, cameras: Sequence[Camera], registrant: Registrant
) -> Iterator[dict[str, Cell]]:
    """Yield a row for each entry, as its owner reads it; of a busy street there may be a million.

    Times in ISO 8601. open: 0 where what the entry says can be read only later. proof: public, newer than the published
    state of the log, or later.
    They are read in pieces, and what is withheld is asked again for each, since it may change meanwhile.
    """
    found = entries.iterator(chunk_size=A_PIECE)
    while piece := list(islice(found, A_PIECE)):
        withheld = withheld_from(registrant)
        seals = seals_of(entry.pk for entry in piece)
        for look in looks_of(piece, cameras=cameras, reader=registrant.user, withheld=withheld, seals=seals):
            yield dict(zip(COLUMNS, _cells(look), strict=True))


def _look(entry: AuditEntry, known: _Known) -> Look:
    incident = known.incidents.get(entry.incident_id, IncidentFacts("", ""))
    return Look(
        number=entry.camera_number,
        camera=known.camera(entry),
        camera_id=entry.camera_id,
        at=entry.at,
        who=_who(entry, known.reader),
        sentence=SENTENCES.get(entry.event, attrgetter("sentence"))(entry),
        incident=incident.number,
        offence=incident.offence,
        lasted=_lasted(entry),
        reason=known.reasons.get(bytes(entry.reason_digest or b""), ""),
        seal=known.seals.get(entry.pk),
    )


def _lasted(entry: AuditEntry) -> str:
    if entry.event == Event.EVIDENCE_VIEWED:
        return _("up to 10 minutes")
    if entry.event not in FOLDED or "count" not in entry.facts:
        return ""
    number, hour = int(entry.facts["count"]), localtime(datetime.fromisoformat(str(entry.facts["hour"])))
    said = ngettext(
        "seen once more in the hour from %(hour)s", "seen %(number)d more times in the hour from %(hour)s", number
    )
    return said % {"number": number, "hour": _clock(hour)}


def _closed(entry: AuditEntry, known: _Known) -> Look:
    opens = known.withheld.opens(entry)
    return Look(
        number=entry.camera_number,
        camera=known.camera(entry),
        camera_id=entry.camera_id,
        at=entry.at,
        who=_("Opens later"),
        sentence=opening(opens),
        is_open=False,
        opens=opens,
    )


def _who(entry: AuditEntry, reader: User) -> str:
    if entry.actor_kind == ActorKind.LINK or entry.actor_id == str(reader.pk):
        return _("You")
    if entry.actor_pseudonym:
        return written(entry.actor_pseudonym)
    if entry.actor_role in Role.values:
        return str(Role(entry.actor_role).label)
    return _("The portal itself")


def _key(entry: AuditEntry, look: Look) -> tuple[str, ...]:
    if entry.event != Event.VIEW_WATCHED or not look.is_open:
        return (str(entry.pk),)
    view = str(entry.facts.get("view", entry.subject_id))
    return ("view", entry.camera_id, entry.actor_id, view)


def _line(newest: Look, parts: list[Look]) -> Look:
    if len(parts) == 1:
        return newest
    words = ngettext("for up to %(number)d minute", "for up to %(number)d minutes", len(parts))
    lasted = words % {"number": len(parts)}
    return replace(newest, sentence=_("viewed this camera live"), lasted=lasted, parts=tuple(parts))


def _cells(look: Look) -> tuple[Cell, ...]:
    at = look.at.isoformat()
    said = (look.who, look.sentence, look.lasted, look.incident, look.offence, look.reason)
    return (at, *said, look.camera, look.camera_id, look.number, int(look.is_open), look.proof)
