"""What a registration holds, in numbers: the same before somebody leaves, on the receipt, and in the message."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from registry.models import Camera, Evidence, Registrant, Upload
from registry.outliving import Kept, kept_of
from registry.policies.retention import held
from registry.states import ON_THE_WAY, EvidenceState, LeadState, RequestState


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is there of a person. at: when it was counted.

    cameras: removed ones too. waiting: requests without an answer. arriving: files that are not given yet.
    files: given, and kept for their cases; days: until when, as "number of files, whether on hold, last moment".
    leads: numbers of what the person let us pass on about another county; leads_until: when the last of them ends.
    leads_named: whether one of them holds name and e-mail address. moved_to: FIPS code of the new county, if any.
    others: what other apps keep.
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

    def facts(self) -> dict[str, str | int]:
        """Return it as text and numbers, for a message or a session. It names nobody."""
        days = " ".join(f"{number},{int(held)},{until.isoformat()}" for number, held, until in self.days)
        times = {"at": self.at.isoformat(), "leads_until": self.leads_until.isoformat() if self.leads_until else ""}
        others = " ".join(f"{kept.name},{kept.number},{kept.until.isoformat()}" for kept in self.others)
        return {**asdict(self), **times, "days": days, "leads_named": int(self.leads_named), "others": others}

    @staticmethod
    def of_facts(facts: Mapping[str, str | int]) -> "Holdings":
        """Return what `facts` made text and numbers of."""
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
        )


def holdings_of(registrant: Registrant, *, moved_to: str = "") -> Holdings:
    """Return what is there of a registrant now. moved_to: FIPS code of the county that they move to."""
    leads = list(registrant.leads.exclude(state=LeadState.CLOSED).order_by("opened_at", "pk"))
    given = Evidence.objects.filter(request__registrant=registrant).exclude(state=EvidenceState.DELETED)
    arriving = Q(request__registrant=registrant, state__in=ON_THE_WAY)
    return Holdings(
        at=timezone.now(),
        number=registrant.reference,
        places=registrant.premises.registered().count(),
        cameras=Camera.objects.filter(premises__registrant=registrant).count(),
        waiting=registrant.requests.filter(state=RequestState.SENT).count(),
        arriving=Upload.objects.filter(arriving).count(),
        files=given.count(),
        days=_days_of(given),
        leads=", ".join(lead.reference for lead in leads),
        leads_named=any(lead.names_somebody for lead in leads),
        leads_until=max((lead.delete_after for lead in leads), default=None),
        moved_to=moved_to,
        others=tuple(kept_of(registrant)),
    )


def _days_of(given: QuerySet[Evidence]) -> tuple[tuple[int, bool, datetime], ...]:
    """Group files by the day until which they are kept, earliest first; those on hold come last, as one group."""
    found: dict[tuple[bool, str], list[datetime]] = {}
    for until, on_hold in given.annotate(on_hold=held()).values_list("kept_until", "on_hold"):
        day = "" if on_hold else timezone.localtime(until).date().isoformat()
        found.setdefault((on_hold, day), []).append(until)
    return tuple((len(ends), on_hold, max(ends)) for (on_hold, _day), ends in sorted(found.items()))
