"""Pages of incidents: a timeline, marks in lists, differences from dispatch."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import MILE_M, Point
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.acts import ActPage, Way
from fusus_portal.ground.pages.components import Mark, Moment, cursor, entry_of_cursor
from registry.incidents import hooks, selectors as incidents
from registry.incidents.models import DispatchDelivery, DispatchKey, DispatchRecord, Incident, IncidentType
from registry.incidents.policies import dispatch as dispatch_policies, incidents as incident_policies
from registry.incidents.policies.dispatch import DispatchOutcome
from registry.incidents.services.dispatch import DeliveryResult


def window_of(incident: Incident) -> str:
    if incident.goes_on:
        return _("since %(moment)s, still going on") % {"moment": times.moment(incident.starts_at)}
    return times.window(incident.starts_at, incident.ends_at)


def marks_of_incidents(shown: Iterable[Incident], user: User) -> dict[UUID, list[Mark]]:
    """Return the marks of incidents by id, such as until when one is critical. shown: all may be seen by `user`."""
    listed = list(shown)
    found = [each.marks(listed, user) for each in hooks.panels] if listed else []
    return {incident.pk: [marks[incident.pk] for marks in found if incident.pk in marks] for incident in listed}


def with_marks(shown: Iterable[Incident], user: User) -> list[Incident]:
    """Set `marks` on incidents for a list, and return them. shown: all may be seen by `user`."""
    listed = list(shown)
    marks = marks_of_incidents(listed, user)
    for incident in listed:
        incident.marks = marks[incident.pk]  # type: ignore[attr-defined]
    return listed


ONE_ACT = timedelta(seconds=2)
"""Entries of one act on several cameras within this time are one line of the timeline."""


def timeline_page(incident: Incident, *, kind: str, before: str) -> dict[str, Any]:
    """Return a page of an incident's timeline, latest first, in four queries. kind, before: as the address says."""
    wanted = kind if kind in incidents.STORY_KINDS else ""
    entry = entry_of_cursor(before) if before else None
    found = incidents.story_stretch(incident, kind=wanted, before=entry)
    place = {"kind": wanted, "before": cursor(found.older) if found.older else ""}
    older = urlencode({name: text for name, text in place.items() if text})
    return {
        "timeline": moments(found.entries),
        "filters": _filters(incident, wanted),
        "older": f"?{older}#timeline" if found.older else "",
        "is_later": entry is not None,
        "newest": f"?{urlencode({'kind': wanted})}#timeline" if wanted else "?#timeline",
        "nothing": _("Nothing of this kind has happened yet.") if wanted else _("What happens appears here."),
    }


def moments(entries: Sequence[AuditEntry]) -> list[Moment]:
    """Return a line of the timeline for each act in these entries, in their order, in three queries."""
    known = incidents.story_names(entries)
    return [Moment(entry.at, f"{_who(entry)} {entry.sentence}", *_about(entry, known)) for entry in _acts(entries)]


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


def _who(entry: AuditEntry) -> str:
    if entry.actor_kind == ActorKind.TASK:
        return _("The portal")
    if entry.actor_kind == ActorKind.DEVICE:
        return _("Dispatch")
    return entry.actor_pseudonym or _("An owner")


def _about(entry: AuditEntry, known: incidents.StoryNames) -> tuple[str, str]:
    """Return a fact of an entry and the page of its subject."""
    if entry.subject_kind == "canvass":
        return _of_canvass(entry), reverse("canvass", args=[entry.subject_id])
    if entry.subject_kind == "request":
        number, canvass = known.requests.get(entry.subject_id, ("", None))
        return (number, reverse("canvass", args=[canvass])) if canvass else ("", "")
    if entry.subject_kind == "evidence":
        number = known.evidence.get(entry.subject_id, "")
        return (number, reverse("evidence", args=[entry.subject_id])) if number else ("", "")
    return _of_incident(entry, known), ""


def _of_canvass(entry: AuditEntry) -> str:
    if entry.event == Event.CANVASS_SENT:
        owners = int(entry.facts.get("owners", 0))
        return ngettext("%(number)d owner asked", "%(number)d owners asked", owners) % {"number": owners}
    if entry.event == Event.CANVASS_RECALLED and "verified" in entry.facts:
        return _("An incident was verified, so nobody has to approve it.")
    return ""


def _of_incident(entry: AuditEntry, known: incidents.StoryNames) -> str:
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


def _filters(incident: Incident, wanted: str) -> list[dict[str, Any]]:
    address = reverse("incident_log", args=[incident.pk])
    labels = {
        "": _("All"),
        "incident": _("Incident"),
        "people": _("People"),
        "canvasses": _("Canvasses"),
        "replies": _("Replies"),
        "critical": _("Critical"),
        "evidence": _("Evidence"),
    }
    urls = {kind: f"{address}?kind={kind}" if kind else address for kind in labels}
    return [{"label": label, "url": urls[kind], "current": kind == wanted} for kind, label in labels.items()]


OUTCOME_LABELS = {
    DispatchOutcome.OPENED: (gettext_lazy("Opened"), "good"),
    DispatchOutcome.VERIFIED: (gettext_lazy("Verified"), "good"),
    DispatchOutcome.UPDATED: (gettext_lazy("Updated"), "good"),
    DispatchOutcome.UNCHANGED: (gettext_lazy("Nothing new"), "quiet"),
    DispatchOutcome.DIFFERS: (gettext_lazy("A supervisor looks"), "warn"),
    DispatchOutcome.REFUSED: (gettext_lazy("Not taken"), "warn"),
}


def delivery_answer(result: DeliveryResult) -> dict[str, Any]:
    line: dict[str, Any] = {"id": result.id, "number": result.number, "result": str(result.outcome)}
    return {**line, "problems": result.problems} if result.problems else line


def nothing_was_taken(results: Sequence[DeliveryResult]) -> bool:
    return all(result.outcome is DispatchOutcome.REFUSED for result in results)


def delivery_rows(results: Sequence[DeliveryResult]) -> list[dict[str, Any]]:
    return [
        {
            "place": result.place + 1,
            "number": _shown(result.number),
            "external_id": _shown(result.id),
            "label": OUTCOME_LABELS[result.outcome][0],
            "kind": OUTCOME_LABELS[result.outcome][1],
            "problems": [_shown(f"{field}: {sentence}") for field, sentence in result.problems.items()],
        }
        for result in results
    ]


def _shown(text: str) -> str:
    """Return a sender's text as a page can show it; half a letter, which JSON can spell, becomes a question mark."""
    return text.encode(errors="replace").decode()


LATEST_DELIVERIES = 20


def keys_page(user: User) -> dict[str, Any]:
    deliveries = DispatchDelivery.objects.select_related("key", "uploaded_by").order_by("-received_at")
    return {
        "keys": [_key_row(key, user) for key in incidents.dispatch_keys()],
        "deliveries": deliveries[:LATEST_DELIVERIES],
        "types": incidents.types_by_code(),
    }


def dispatch_difference(incident: Incident, user: User) -> dict[str, Any] | None:
    record: DispatchRecord | None = getattr(incident, "dispatch", None)
    if record is None or not record.differs:
        return None
    said = record.said
    starts, ends = parse_datetime(said["starts_at"]), parse_datetime(said["ends_at"])
    miles = incident.point.distance_m(Point(said["latitude"], said["longitude"])) / MILE_M
    kind = IncidentType.objects.filter(code=said["type"]).first()
    return {
        "rows": [
            (_("Type"), incident.type.label, kind.label if kind else said["type"]),
            (
                _("Place"),
                incident.place,
                _("%(place)s, %(far).1f mi from here") % {"place": said["place"], "far": miles},
            ),
            (_("Time"), window_of(incident), times.window(starts, ends) if starts and ends else ""),
        ],
        "why_not": why_not(dispatch_policies.may_settle, user, record),
        "since": record.differs_at,
    }


def _key_row(key: DispatchKey, user: User) -> dict[str, Any]:
    """Return the row of a dispatch key. why_no_approval: sentence on the disabled button, or ""."""
    if key.retired_at is not None:
        return {"key": key, "label": _("Retired"), "kind": "quiet"}
    if key.approved_at is not None:
        return {"key": key, "label": _("Counts"), "kind": "good"}
    why = why_not(dispatch_policies.may_approve, user, key)
    label = _("Waits for another administrator")
    return {"key": key, "label": label, "kind": "warn", "waits": True, "why_no_approval": why}


def printed_story(incident: Incident, user: User) -> dict[str, Any]:
    """Return the context of an incident's printed timeline. user: prints it; their badge pseudonym is on it."""
    opener = incident.opened_by.pseudonym if incident.opened_by_id else incident.get_source_display()
    facts = [
        (_("Incident"), f"{incident.number} · {incident.type}"),
        (_("Place"), incident.place),
        (_("Time"), window_of(incident)),
        (_("Opened"), f"{opener}, {times.moment(incident.opened_at)}"),
        (_("Printed"), f"{user.pseudonym}, {times.moment(timezone.now())}"),
    ]
    found = incidents.whole_story(incident)
    cut_at = incidents.LONGEST_STORY if found.older else 0
    return {"incident": incident, "facts": facts, "timeline": moments(found.entries), "cut_at": cut_at}


def sending_back_page(incident: Incident) -> ActPage:
    intro = _(
        "Say what is wrong with it, and the people on it correct it. Until then no supervisor is asked to verify it. "
        "If nobody does, it still closes automatically: %(moment)s."
    )
    title, until = _("Send the incident back"), incident_policies.lapses_at(incident)
    return ActPage(
        title=title,
        heading=f"{title} · {incident.number}",
        intro=intro % {"moment": times.moment(until)} if until else "",
        facts=[
            (_("Crime or emergency"), str(incident.type)),
            (_("Place"), incident.place),
            (_("Time"), window_of(incident)),
        ],
        label=_("Send it back"),
        way=Way(reverse("incident", args=[incident.pk]), incident.number, _("Leave it as it is")),
    )


def closing_page(incident: Incident) -> ActPage:
    of_all = _("Nobody can search around it or ask for footage; in ten minutes nobody can add to what was given.")
    stays = _(
        "Footage that was given stays with the incident and is kept as long as before, and so does its "
        "story. For ten minutes the closing can be taken back; what ended stays ended."
    )
    return ActPage(
        title=_("Close the incident"),
        heading=_("Close incident %(number)s?") % {"number": incident.number},
        intro=f"{incident.type} · {incident.place}",
        sections=[(_("What ends"), [*hooks.told_closing(incident), of_all]), (_("What stays"), [stays])],
        label=_("Close the incident"),
        kind="secondary",
        way=Way(reverse("incident", args=[incident.pk]), incident.number, _("Leave it open")),
    )


def own_questions(by: User) -> list[tuple[str, str, str]]:
    """Return the questions of a person to join that still wait: number, when asked, and until when they wait."""
    found = incidents.own_questions(by)
    return [(each.number, times.hour(each.asked_at), times.hour(each.ends_at)) for each in found]


def join_section(incident: Incident, by: User) -> dict[str, Any]:
    questions = list(incidents.questions_waiting().filter(incident=incident))
    return {
        "incident": incident,
        "questions": [(each, times.hour(each.asked_at)) for each in questions],
        "reason": why_not(incident_policies.may_answer, by, questions[0], incident) if questions else "",
    }
