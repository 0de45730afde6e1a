"""Looks as owners read them on a page and in a CSV file. Names of columns are English in every language."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice
from operator import attrgetter
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from audit.ledger.receipts import Seal, ready_from, seals_of
from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import FOLDED
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.languages import written
from fusus_portal.ground.tables import Cell
from registry.access_log import hooks
from registry.access_log.selectors import Withheld, incidents_by_id, readable_reasons, withheld_from
from registry.incidents.models import Incident
from registry.places.models import Camera
from registry.registrants.models import Registrant


class Proof(StrEnum):
    """State of an entry's proof. PUBLIC: in the published log. NEWER: not yet. LATER: its owner can't read it yet."""

    PUBLIC = "public"
    NEWER = "newer"
    LATER = "later"


def proof_of(seal: Seal | None, *, is_open: bool = True) -> Proof:
    if not is_open:
        return Proof.LATER
    return Proof.PUBLIC if seal is not None and seal.is_public else Proof.NEWER


@dataclass(frozen=True, slots=True)
class Standing:
    public: int
    newer: int
    later: int

    @classmethod
    def of(cls, proofs: Iterable[Proof]) -> "Standing":
        found = list(proofs)
        return cls(*(found.count(proof) for proof in Proof))

    @property
    def can(self) -> str:
        sentence = ngettext(
            "%(public)d of %(total)d entry can be checked now.",
            "%(public)d of %(total)d entries can be checked now.",
            self._total,
        )
        return self._with_rest(sentence)

    @property
    def checked(self) -> str:
        sentence = ngettext(
            "%(public)d of %(total)d entry was checked.", "%(public)d of %(total)d entries were checked.", self._total
        )
        return self._with_rest(sentence)

    @property
    def right(self) -> str:
        """Verdict of a check that found nothing wrong: on all entries, or on those that could be checked."""
        if self.public == self._total:
            verdict = _("Everything here is right: no entry is missing, and each is in the log as you read it.")
        else:
            verdict = _("What could be checked is right: no entry is missing, and each is in the log as you read it.")
        return f"{verdict} {self.checked}"

    @property
    def _total(self) -> int:
        return self.public + self.newer + self.later

    def _with_rest(self, sentence: str) -> str:
        newer = ngettext(
            "%(number)d is newer than the published state of the log.",
            "%(number)d are newer than the published state of the log.",
            self.newer,
        )
        later = ngettext("%(number)d opens later.", "%(number)d open later.", self.later)
        rest = [words % {"number": number} for words, number in ((newer, self.newer), (later, self.later)) if number]
        return " ".join([sentence % {"public": self.public, "total": self._total}, *rest])


def receipt_lines(entries: Sequence[AuditEntry], numbers: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a line for each entry that has, or will have, a receipt. numbers: numbers of files, by file id."""
    seals = seals_of(entry.pk for entry in entries)
    return [
        {
            "place": place,
            "entry": entry,
            "about": numbers.get(entry.subject_id, ""),
            "seal": (seal := seals.get(entry.pk)),
            "state": checkable_sentence(seal),
        }
        for place, entry in enumerate(entries, start=1)
    ]


def checkable_sentence(seal: Seal | None) -> str:
    return _("Anyone can check this.") if seal and seal.is_public else ready_from(seal)


def view_sentence(entry: AuditEntry) -> str:
    glass = through_glass(entry.facts)
    return f"{entry.sentence}. {glass}" if glass else entry.sentence


def through_glass(facts: Mapping[str, object]) -> str:
    """Return who opened the incident, and who asked for and confirmed broken glass; "" for a view without it.

    facts: badge names in `opened_by` ("" for dispatch), `asked_by`, `confirmed_by`; `unchecked` if nobody had verified
    the incident.
    """
    if "confirmed_by" not in facts:
        return ""
    opened, asked, confirmed = (str(facts.get(name, "")) for name in ("opened_by", "asked_by", "confirmed_by"))
    if opened == asked:
        who = _("%(asked)s opened the incident and asked for broken glass, and %(confirmed)s confirmed it.")
    elif opened == confirmed:
        who = _("%(confirmed)s opened the incident and confirmed the broken glass that %(asked)s asked for.")
    elif opened:
        who = _("%(opened)s opened the incident, %(asked)s asked for broken glass, and %(confirmed)s confirmed it.")
    else:
        who = _(
            "Our dispatch center sent the incident, %(asked)s asked for broken glass, and %(confirmed)s confirmed it."
        )
    unchecked = _("Nobody had checked the incident before.")
    checked = _("Somebody had checked the incident before.")
    named = who % {"opened": opened, "asked": asked, "confirmed": confirmed}
    return f"{named} {unchecked if facts.get('unchecked') else checked}"


def named_sentence(entry: AuditEntry) -> str:
    words = {kind.name: kind.words for kind in hooks.named_with}.get(entry.subject_kind)
    return str(words) % {"number": entry.facts.get("number", "")} if words else entry.sentence


OWN_CONDITIONS: Final[dict[str, str | Promise]] = {
    "agreement": gettext_lazy("you have no sharing agreement in force"),
    "pause": gettext_lazy("your pause"),
    "mode": gettext_lazy("your rule for this camera"),
    "shared now": gettext_lazy("you were not sharing it"),
    "hours": gettext_lazy("the hours that you chose"),
    "glass agreement": gettext_lazy("your sharing agreement does not name broken glass"),
    "glass": gettext_lazy("your rule for this camera does not allow broken glass"),
}
"""Words for the conditions of the view gate that an owner sets, by their names in entries."""


def refusal_sentence(entry: AuditEntry) -> str:
    """Return the sentence of a refused view. It names the failed condition only if the owner set it."""
    why = OWN_CONDITIONS.get(str(entry.facts.get("condition", "")))
    if why is None:
        return entry.sentence
    return _("wanted to see this camera and was refused: %(why)s") % {"why": why}


A_PIECE = 1000
EVENT_SENTENCES: Final[Mapping[str, Callable[[AuditEntry], str]]] = {
    Event.VIEW_REFUSED: refusal_sentence,
    Event.VIEW_STARTED: view_sentence,
    Event.OWNER_SEEN: named_sentence,
}
"""Sentences that owners read instead of the event's own."""

LOOK_COLUMNS = (
    *("at", "who", "what", "lasted", "incident", "offense", "reason", "camera", "camera_id", "entry", "open"),
    "proof",
)


@dataclass(frozen=True, slots=True)
class Look:
    """One entry as its owner reads it. number: its place in the camera's own count, without gaps.

    incident, offence: number and type of the incident, or "". lasted: how long a look could last, or how often it was,
    or "". reason: "" unless owners may read it.
    is_open: the owner can read it; of any other entry only camera, number and time are here. opens: when the owner can
    read it, None while that is unknown.
    seal: place of the entry in the sealed log; None if it is not sealed yet, is not open, or no seals were passed in.
    parts: all entries of a line that joins several, such as the minutes of a live view, newest first.
    event: its kind, "" while it is closed. times: number of acts that it records.
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
    event: str = ""
    times: int = 1

    @property
    def checkable(self) -> str:
        return checkable_sentence(self.seal) if self.is_open else _("Its receipt opens at the same time.")

    @property
    def proof(self) -> Proof:
        return proof_of(self.seal, is_open=self.is_open)


@dataclass(frozen=True, slots=True)
class _Known:
    cameras: Mapping[str, str]
    incidents: Mapping[str, Incident]
    reasons: Mapping[bytes, str]
    withheld: Withheld
    reader: User
    seals: Mapping[int, Seal]

    def camera(self, entry: AuditEntry) -> str:
        return _("Your name and address") if entry.event == Event.OWNER_SEEN else self.cameras.get(entry.camera_id, "")


def looks_of(
    entries: Sequence[AuditEntry],
    *,
    cameras: Sequence[Camera],
    reader: User,
    withheld: Withheld,
    seals: Mapping[int, Seal] | None = None,
) -> list[Look]:
    """Return each entry as `reader` sees it, in fixed queries. seals: by entry id, to say what can be checked."""
    readable = [entry for entry in entries if not withheld.hides(entry)]
    known = _Known(
        cameras={str(camera.pk): camera.name for camera in cameras},
        incidents=incidents_by_id(readable),
        reasons=readable_reasons(readable),
        withheld=withheld,
        reader=reader,
        seals=seals or {},
    )
    return [_closed(entry, known) if withheld.hides(entry) else _look(entry, known) for entry in entries]


def opening_sentence(at: datetime | None) -> str:
    """Return the sentence for an entry that opens later. at: None while it is unknown."""
    if at is None:
        return _("What this entry says can't be shown just now. Please look again later.")
    local = localtime(at)
    when = f"{date_format(local, 'DATE_FORMAT')}, {_clock(local)}"
    return _("You can read what this entry says from %(when)s on.") % {"when": when}


def openings_sentence(number: int, at: datetime | None) -> str:
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


def grouped_looks(entries: Sequence[AuditEntry], looks: Sequence[Look]) -> list[Look]:
    """Join the minutes of each live view into one line, in the place of its newest minute.

    looks: the line of each entry. A withheld entry keeps its own line: its view is withheld too. A view that continues
    on the next page has a line on each.
    """
    parts: dict[tuple[str, ...], list[Look]] = {}
    lines: list[tuple[tuple[str, ...], Look]] = []
    for entry, look in zip(entries, looks, strict=True):
        key = _view_key(entry, look)
        if key not in parts:
            lines.append((key, look))
        parts.setdefault(key, []).append(look)
    return [_view_line(look, parts[key]) for key, look in lines]


def look_lines(
    entries: Sequence[AuditEntry], *, cameras: Sequence[Camera], reader: User, withheld: Withheld
) -> list[Look]:
    return grouped_looks(entries, looks_of(entries, cameras=cameras, reader=reader, withheld=withheld))


def look_rows(
    entries: QuerySet[AuditEntry], *, cameras: Sequence[Camera], registrant: Registrant
) -> Iterator[dict[str, Cell]]:
    """Yield a row of the CSV file for each entry, as its owner reads it. A camera on a busy street may have a million.

    Times in ISO 8601. open: 0 for an entry that opens later. proof: public, newer than the published state of the log,
    or later. Entries are read in pieces, and each piece asks again which are withheld: that may change meanwhile.
    """
    found = entries.iterator(chunk_size=A_PIECE)
    while piece := list(islice(found, A_PIECE)):
        withheld = withheld_from(registrant)
        seals = seals_of(entry.pk for entry in piece)
        for look in looks_of(piece, cameras=cameras, reader=registrant.user, withheld=withheld, seals=seals):
            yield dict(zip(LOOK_COLUMNS, _cells(look), strict=True))


def _look(entry: AuditEntry, known: _Known) -> Look:
    incident = known.incidents.get(entry.incident_id)
    return Look(
        number=entry.camera_number,
        camera=known.camera(entry),
        camera_id=entry.camera_id,
        at=entry.at,
        who=_who(entry, known.reader),
        sentence=EVENT_SENTENCES.get(entry.event, attrgetter("sentence"))(entry),
        incident=incident.number if incident else "",
        offence=incident.type.label if incident else "",
        lasted=_lasted(entry),
        reason=known.reasons.get(bytes(entry.reason_digest or b""), ""),
        seal=known.seals.get(entry.pk),
        event=entry.event,
        times=int(entry.facts["count"]) if _is_folded(entry) else 1,
    )


def _is_folded(entry: AuditEntry) -> bool:
    return entry.event in FOLDED and "count" in entry.facts


def _lasted(entry: AuditEntry) -> str:
    if entry.event == Event.EVIDENCE_VIEWED:
        return _("up to 10 minutes")
    if not _is_folded(entry):
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
        sentence=opening_sentence(opens),
        is_open=False,
        opens=opens,
    )


def _who(entry: AuditEntry, reader: User) -> str:
    if entry.actor_kind == ActorKind.LINK or entry.actor_id == str(reader.pk):
        return _("You")
    if entry.actor_kind == ActorKind.DEVICE:
        return _("Your CORE")
    if entry.actor_pseudonym:
        return written(entry.actor_pseudonym)
    if entry.actor_role in Role.values:
        return str(Role(entry.actor_role).label)
    return _("The portal itself")


def _view_key(entry: AuditEntry, look: Look) -> tuple[str, ...]:
    if entry.event != Event.VIEW_WATCHED or not look.is_open:
        return (str(entry.pk),)
    view = str(entry.facts.get("view", entry.subject_id))
    return ("view", entry.camera_id, entry.actor_id, view)


def _view_line(newest: Look, parts: list[Look]) -> Look:
    if len(parts) == 1:
        return newest
    return replace(newest, sentence=_("viewed this camera live"), lasted=minutes(len(parts)), parts=tuple(parts))


def minutes(number: int) -> str:
    return ngettext("for up to %(number)d minute", "for up to %(number)d minutes", number) % {"number": number}


def _cells(look: Look) -> tuple[Cell, ...]:
    at = look.at.isoformat()
    said = (look.who, look.sentence, look.lasted, look.incident, look.offence, look.reason)
    return (at, *said, look.camera, look.camera_id, look.number, int(look.is_open), look.proof)
