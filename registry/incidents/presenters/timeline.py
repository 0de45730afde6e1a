from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.pages.cursors import cursor, entry_of
from registry.incidents.models.incidents import Incident
from registry.incidents.selectors import timeline
from registry.incidents.selectors.timeline import StoryNames, Stretch

ONE_ACT = timedelta(seconds=2)
"""Entries of one act on several cameras within this time are one line of the story."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line. text: who did what. url: of its page, or "". by: a detail, or ""."""

    at: datetime
    text: str
    url: str = ""
    by: str = ""


def page(incident: Incident, *, kind: str, before: str) -> dict[str, Any]:
    """Return a page of the story, latest first, in four queries. kind, before: as the address says."""
    wanted = kind if kind in timeline.KINDS else ""
    entry = entry_of(before) if before else None
    found = timeline.stretch(incident, kind=wanted, before=entry)
    older = urlencode({name: text for name, text in (("kind", wanted), ("before", _older(found))) if text})
    return {
        "timeline": moments(found.entries),
        "filters": _filters(incident, wanted),
        "older": f"?{older}#timeline" if found.older else "",
        "is_later": entry is not None,
        "newest": f"?{urlencode({'kind': wanted})}#timeline" if wanted else "?#timeline",
        "nothing": _("Nothing of this kind has happened yet.") if wanted else _("What happens appears here."),
    }


def whole(incident: Incident) -> dict[str, Any]:
    found = timeline.whole(incident)
    return {"timeline": moments(found.entries), "cut_at": timeline.WHOLE if found.older else 0}


def moments(entries: Sequence[AuditEntry]) -> list[Moment]:
    """Return a line for each act, in the order given, in three queries."""
    known = timeline.known_of(entries)
    return [_moment(entry, known) for entry in _acts(entries)]


def _acts(entries: Sequence[AuditEntry]) -> Iterator[AuditEntry]:
    last: AuditEntry | None = None
    for entry in entries:
        if last is None or not _same_act(last, entry):
            yield entry
        last = entry


def _same_act(one: AuditEntry, other: AuditEntry) -> bool:
    same = (one.event, one.subject_id, one.actor_id) == (other.event, other.subject_id, other.actor_id)
    about_a_camera = bool(one.camera_id) or "left_out" in one.facts
    return same and about_a_camera and abs(one.at - other.at) < ONE_ACT


def _moment(entry: AuditEntry, known: StoryNames) -> Moment:
    url, about = _about(entry, known)
    return Moment(entry.at, f"{_who(entry)} {entry.sentence}", url, about)


def _who(entry: AuditEntry) -> str:
    if entry.actor_kind == ActorKind.TASK:
        return _("The portal")
    if entry.actor_kind == ActorKind.DEVICE:
        return _("Dispatch")
    return entry.actor_pseudonym or _("An owner")


def _about(entry: AuditEntry, known: StoryNames) -> tuple[str, str]:
    if entry.subject_kind == "canvass":
        return reverse("canvass", args=[entry.subject_id]), _of_canvass(entry)
    if entry.subject_kind == "request":
        number, canvass = known.requests.get(entry.subject_id, ("", None))
        return (reverse("canvass", args=[canvass]), number) if canvass else ("", "")
    if entry.subject_kind == "evidence":
        number = known.evidence.get(entry.subject_id, "")
        return (reverse("evidence", args=[entry.subject_id]), number) if number else ("", "")
    return "", _of_incident(entry, known)


def _of_canvass(entry: AuditEntry) -> str:
    if entry.event == Event.CANVASS_SENT:
        owners = int(entry.facts.get("owners", 0))
        return ngettext("%(number)d owner asked", "%(number)d owners asked", owners) % {"number": owners}
    if entry.event == Event.CANVASS_RECALLED and "verified" in entry.facts:
        return _("An incident was verified, so nobody has to approve it.")
    return ""


def _of_incident(entry: AuditEntry, known: StoryNames) -> str:
    if "person" in entry.facts:
        return known.people.get(str(entry.facts["person"]), "")
    if "changed" in entry.facts:
        return _changed(entry)
    if entry.facts.get("flag") == "unverified":
        return _("Nobody verified it in 24 hours.")
    return ""


def _changed(entry: AuditEntry) -> str:
    names = {"type": _("type"), "place": _("place"), "window": _("time"), "details": _("details")}
    parts = ", ".join(names.get(part, part) for part in str(entry.facts["changed"]).split(", "))
    if entry.facts.get("verification") == "taken back":
        return _("%(parts)s; it must be verified again") % {"parts": parts}
    return parts


def _older(found: Stretch) -> str:
    return cursor(found.older) if found.older else ""


def _filters(incident: Incident, wanted: str) -> list[dict[str, Any]]:
    address = reverse("incident", args=[incident.pk])
    labels = {
        "": _("All"),
        "incident": _("Incident"),
        "people": _("People"),
        "canvasses": _("Canvasses"),
        "replies": _("Replies"),
        "critical": _("Critical"),
        "evidence": _("Evidence"),
    }
    queries = {kind: f"?{urlencode({'kind': kind})}" if kind else "" for kind in labels}
    return [
        {"label": label, "url": f"{address}{queries[kind]}#timeline", "current": kind == wanted}
        for kind, label in labels.items()
    ]
