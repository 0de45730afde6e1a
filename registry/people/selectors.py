"""Data of registrants: queries for the file that they download, and counts for receipts and moves."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.models import Document
from fusus_portal.ground.agency.selectors import in_force
from fusus_portal.ground.notifications.kinds import Audience, all_kinds
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.tables import Cell
from registry.canvasses import selectors as canvasses
from registry.canvasses.models import FootageRequest, RequestCamera
from registry.footage.models import Evidence, Upload
from registry.footage.policies import hold_condition
from registry.footage.states import ON_THE_WAY, EvidenceState
from registry.limits.models import Limits
from registry.other_counties.states import LeadState
from registry.places.camera_fields import NAMES
from registry.places.hooks import Kept, kept_of
from registry.places.models import ADDRESS, Camera, Premises
from registry.registrants.models import Agreement, Registrant


def documents_to_agree(registrant: Registrant) -> list[Document]:
    agreed = set(Agreement.objects.filter(registrant=registrant).values_list("document_id", flat=True))
    return [document for document in in_force() if document.pk not in agreed]


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """Counts for the page on which an owner moves a place.

    leaves_out: searches find confirmed places alone. paused: number of paused cameras. answered_here:
    number of requests only about this place that were answered for the owner.
    """

    cameras: int
    waiting: int
    only_here: int
    is_last: bool
    leaves_out: bool = False
    paused: int = 0
    answered_here: int = 0


def place_counts(premises: Premises) -> PlaceCounts:
    here, now = requests_only_about(premises), timezone.now()
    others = Premises.objects.registered().filter(registrant=premises.registrant_id).exclude(pk=premises.pk)
    cameras = Camera.objects.registered().filter(premises=premises)
    return PlaceCounts(
        cameras=cameras.count(),
        waiting=canvasses.waiting_about(premises),
        only_here=here.filter(canvasses.waits_for_owner(now)).count(),
        is_last=not others.exists(),
        leaves_out=Limits.current().leaves_out_unconfirmed,
        paused=cameras.filter(paused_at__isnull=False).count(),
        answered_here=here.filter(canvasses.answered_for_owner(now)).count(),
    )


def requests_only_about(premises: Premises) -> QuerySet[FootageRequest]:
    """Return the requests that ask only about cameras of this place."""
    cameras = RequestCamera.objects.filter(request=OuterRef("pk"))
    return FootageRequest.objects.filter(
        Exists(cameras.filter(camera__premises=premises)),
        ~Exists(cameras.exclude(camera__premises=premises)),
        registrant=premises.registrant_id,
    )


OF_POINT = ("county_fips", "latitude", "longitude", "precision")
PLACE_COLUMNS = {
    name: name for name in ("id", "kind", "name", *ADDRESS, *OF_POINT, "added_at", "placed_at", "moved_at")
}

CAMERA_COLUMNS = {
    "id": "id",
    "premises_id": "place",
    **{name: name for name in (*NAMES, "snapshot_at", "added_at", "paused_at", "removed_at")},
}
TEXT_TIMES = ("confirmed_at", "stopped_at", "unreachable_at", "failed_at")
CONTACT_FIELDS = ("name", "phone", "language", "contact_way", "contact_person", "second_phone", "hours")

REQUEST_COLUMNS = {
    "number": "number",
    "incident__number": "incident",
    "canvass__starts_at": "footage_from",
    "canvass__ends_at": "footage_to",
    "sent_at": "sent_at",
    "expires_at": "expires_at",
    "state": "answer",
    "replied_at": "answered_at",
}
LEAD_COLUMNS = {
    name: name for name in ("reference", "county_fips", "name", "email", "state", "opened_at", "delete_after")
}

FILE_COLUMNS = {
    "number": "number",
    "request__number": "request",
    "upload__camera_id": "camera",
    "upload__starts_at": "starts_at",
    **{name: name for name in ("name", "size", "content_type", "sha256", "received_at", "kept_until", "deleted_at")},
}
AGREEMENT_COLUMNS = {"document__kind": "document", "document__number": "version", "agreed_at": "agreed_at"}
MESSAGE_COLUMNS = {name: name for name in ("kind", "channel", "language", "state", "queued_at", "sent_at")}
TEXT_NUMBER_COLUMNS = {name: name for name in ("number", "requests", "looks", *TEXT_TIMES)}

SIGN_IN_COLUMNS = {"created_at": "since", "last_seen_at": "last_seen", "ip": "network_address", "user_agent": "browser"}
"""Columns of each table of the download: from the query's name to ours."""

FIELDS_BY_PERSON = {
    "registrant": ("kind", *CONTACT_FIELDS),
    "place": ("kind", "name", *ADDRESS, "latitude", "longitude", "removed_at"),
    "camera": (*NAMES, "snapshot_at", "paused_at", "removed_at"),
}


@dataclass(frozen=True, slots=True)
class Holdings:
    """Counts of a person's data, for pages about leaving and for the receipt. at: when they were counted.

    cameras: removed ones too. waiting: requests that wait for them. answered: open ones that were answered for them.
    arriving: files that are not evidence yet. files: given, and kept for their cases; days: groups of these as (number,
    on hold, last moment). leads: references of the person's outreach leads; leads_until: when the last of them ends;
    leads_named: one of them holds name and e-mail address. moved_to: FIPS code of the new county, or "". others: kept
    by other apps.
    """

    at: datetime
    number: str
    places: int
    cameras: int
    waiting: int
    arriving: int
    files: int
    days: tuple[tuple[int, bool, datetime], ...]
    leads: str = ""
    leads_named: bool = False
    leads_until: datetime | None = None
    moved_to: str = ""
    others: tuple[Kept, ...] = ()
    answered: int = 0

    def facts(self) -> dict[str, str | int]:
        """Return the counts as text and numbers, for a message or a session. They name nobody."""
        days = " ".join(f"{number},{int(held)},{until.isoformat()}" for number, held, until in self.days)
        times = {"at": self.at.isoformat(), "leads_until": self.leads_until.isoformat() if self.leads_until else ""}
        others = " ".join(f"{kept.name},{kept.number},{kept.until.isoformat()}" for kept in self.others)
        return {**asdict(self), **times, "days": days, "leads_named": int(self.leads_named), "others": others}

    @staticmethod
    def of_facts(facts: Mapping[str, str | int]) -> "Holdings":
        days = [line.split(",") for line in str(facts["days"]).split()]
        leads_end = str(facts["leads_until"])
        others = [line.split(",") for line in str(facts.get("others", "")).split()]
        return Holdings(
            at=datetime.fromisoformat(str(facts["at"])),
            number=str(facts["number"]),
            places=int(facts["places"]),
            cameras=int(facts["cameras"]),
            waiting=int(facts["waiting"]),
            arriving=int(facts["arriving"]),
            files=int(facts["files"]),
            days=tuple((int(number), held == "1", datetime.fromisoformat(until)) for number, held, until in days),
            leads=str(facts["leads"]),
            leads_named=bool(facts["leads_named"]),
            leads_until=datetime.fromisoformat(leads_end) if leads_end else None,
            moved_to=str(facts["moved_to"]),
            others=tuple(Kept(name, int(number), datetime.fromisoformat(until)) for name, number, until in others),
            answered=int(facts.get("answered", 0)),
        )


def holdings_of(registrant: Registrant, *, moved_to: str = "") -> Holdings:
    """Count a registrant's data now. moved_to: FIPS code of the new county of a person who moves."""
    leads = list(registrant.leads.exclude(state=LeadState.CLOSED).order_by("opened_at", "pk"))
    given = Evidence.objects.filter(request__registrant=registrant).exclude(state=EvidenceState.DELETED)
    arriving = Q(request__registrant=registrant, state__in=ON_THE_WAY)
    return Holdings(
        at=timezone.now(),
        number=registrant.reference,
        places=registrant.premises.registered().count(),
        cameras=Camera.objects.filter(premises__registrant=registrant).count(),
        waiting=registrant.requests.filter(canvasses.waits_for_owner(timezone.now())).count(),
        arriving=Upload.objects.filter(arriving).count(),
        files=given.count(),
        days=_days_of(given),
        leads=", ".join(lead.reference for lead in leads),
        leads_named=any(lead.names_somebody for lead in leads),
        leads_until=max((lead.delete_after for lead in leads), default=None),
        moved_to=moved_to,
        others=tuple(kept_of(registrant)),
        answered=registrant.requests.filter(canvasses.answered_for_owner(timezone.now())).count(),
    )


def files_of(registrant: Registrant) -> QuerySet[Evidence]:
    return Evidence.objects.filter(request__registrant=registrant).order_by("received_at", "pk")


def messages_about(registrant: Registrant) -> QuerySet[Message]:
    """Return the messages sent to an owner: kind and times. Their words are not kept."""
    requests = [str(pk) for pk in registrant.requests.values_list("pk", flat=True)]
    about = Q(subject_kind="registrant", subject_id=str(registrant.pk))
    about |= Q(subject_kind="request", subject_id__in=requests)
    public = [kind.name for kind in all_kinds() if kind.audience is Audience.PUBLIC]
    return Message.objects.filter(about, kind__in=public).order_by("queued_at", "pk")


def sign_ins_of(user: User) -> QuerySet[UserSession]:
    found: QuerySet[UserSession] = UserSession.objects.filter(user=user).order_by("created_at")
    return found


def former_registry_of(registrant: Registrant) -> list[dict[str, Cell]]:
    brought = Registrant.objects.filter(pk=registrant.pk, imported__isnull=False)
    columns = ("batch__number", "consent_on", "consent_source", "told_at", "claimed_at")
    keys = " ".join(registrant.external_keys.order_by("key").values_list("key", flat=True))
    return [
        {
            "import": batch,
            "consent_on": str(consent_on),
            "consent_source": source,
            "numbers_there": keys,
            "written_to_at": plain_cell(told_at),
            "taken_over_at": plain_cell(claimed_at),
        }
        for batch, consent_on, source, told_at, claimed_at in brought.values_list(
            *(f"imported__{column}" for column in columns)
        )
    ]


def earlier_values_of(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return all values of an owner's record over time: a row for each field of each version, oldest first."""
    versions = [
        *(("registrant", version) for version in Registrant.history.filter(id=registrant.pk)),
        *(("place", version) for version in Premises.history.filter(registrant_id=registrant.pk)),
        *(("camera", version) for version in Camera.history.filter(premises__registrant=registrant)),
    ]
    return [
        {"at": version.history_date.isoformat(), "thing": thing, "id": str(version.id), "field": field, "was": was}
        for thing, version in sorted(versions, key=lambda pair: pair[1].history_date)
        for field in FIELDS_BY_PERSON[thing]
        if (was := plain_cell(getattr(version, field))) != ""
    ]


def plain_cell(value: Any) -> Cell:
    """Return a value as text or number for a table: times in ISO 8601, None as empty text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) or not isinstance(value, int | float | str) else value


def _days_of(given: QuerySet[Evidence]) -> tuple[tuple[int, bool, datetime], ...]:
    """Group given files by the day until which they are kept, earliest first; files on hold come last, as one group."""
    found: dict[tuple[bool, str], list[datetime]] = {}
    for until, on_hold in given.annotate(on_hold=hold_condition()).values_list("kept_until", "on_hold"):
        day = "" if on_hold else timezone.localtime(until).date().isoformat()
        found.setdefault((on_hold, day), []).append(until)
    return tuple((len(ends), on_hold, max(ends)) for (on_hold, _day), ends in sorted(found.items()))


VERSIONED_ROWS: dict[str, Any] = {"registrant": Registrant, "place": Premises, "camera": Camera}
VersionKey = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a registrant, place or camera (thing), and the version before, if any."""

    thing: str
    at: datetime
    now: Any
    before: Any


def versions_of(registrant: Registrant) -> "QuerySet[Any, tuple[str, int, datetime]]":
    """Return (thing, history id, time) of each version, newest first: one query a page, and one to count."""
    rows = {
        "registrant": Registrant.history.filter(id=registrant.pk),
        "place": Premises.history.filter(registrant_id=registrant.pk),
        "camera": Camera.history.filter(premises_id__in=registrant.premises.values("pk")),
    }
    parts = [
        found.order_by().annotate(thing=Value(thing, CharField())).values_list("thing", "history_id", "history_date")
        for thing, found in rows.items()
    ]
    versions: QuerySet[Any, tuple[str, int, datetime]] = parts[0].union(*parts[1:], all=True)
    return versions.order_by("-history_date", "-history_id")


def load_versions(keys: Iterable[tuple[str, int, datetime]]) -> list[Version]:
    """Return the versions of these keys in their order, each with the one before. Two queries for each kind of row."""
    wanted = list(keys)
    found: dict[VersionKey, Any] = {}
    before: dict[VersionKey, Any] = {}
    for thing, model in VERSIONED_ROWS.items():
        ids = [pk for kind, pk, _at in wanted if kind == thing]
        if ids:
            earlier = model.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
            previous = Subquery(earlier.order_by("-history_id").values("history_id")[:1])
            rows = list(
                model.history.filter(history_id__in=ids).select_related("history_user").annotate(previous=previous)
            )
            known = model.history.in_bulk([row.previous for row in rows if row.previous], field_name="history_id")
            found |= {(thing, row.history_id): row for row in rows}
            before |= {(thing, row.history_id): known.get(row.previous) for row in rows}
    return [Version(thing, at, found[thing, pk], before[thing, pk]) for thing, pk, at in wanted if (thing, pk) in found]
