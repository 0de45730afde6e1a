"""What a registration holds, in numbers: the same before somebody leaves, on the receipt, and in the message."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import Max, Q
from django.utils import timezone

from registry.models import Camera, Evidence, Registrant, Upload
from registry.states import ON_THE_WAY, LeadState, RequestState


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is there of a person. at: when it was counted.

    cameras: removed ones too. waiting: requests without an answer. arriving: files that are not given yet.
    files: given, and kept for their cases. kept_until: when the last of them ends, None without any.
    leads: numbers of what the person let us pass on about another county; leads_until: when the last of them ends.
    leads_named: whether one of them holds name and e-mail address. moved_to: FIPS code of the new county, if any.
    """

    at: datetime
    number: str
    places: int
    cameras: int
    waiting: int
    arriving: int
    files: int
    kept_until: datetime | None
    leads: str = ""
    leads_named: bool = False
    leads_until: datetime | None = None
    moved_to: str = ""

    def facts(self) -> dict[str, str | int]:
        """Return it as text and numbers, for a message or a session. It names nobody."""
        times = {name: _text(getattr(self, name)) for name in ("at", "kept_until", "leads_until")}
        return {**asdict(self), **times, "leads_named": int(self.leads_named)}

    @staticmethod
    def of_facts(facts: Mapping[str, str | int]) -> "Holdings":
        """Return what `facts` made text and numbers of."""
        return Holdings(
            at=datetime.fromisoformat(str(facts["at"])),
            number=str(facts["number"]),
            places=int(facts["places"]),
            cameras=int(facts["cameras"]),
            waiting=int(facts["waiting"]),
            arriving=int(facts["arriving"]),
            files=int(facts["files"]),
            kept_until=_time(facts["kept_until"]),
            leads=str(facts["leads"]),
            leads_named=bool(facts["leads_named"]),
            leads_until=_time(facts["leads_until"]),
            moved_to=str(facts["moved_to"]),
        )


def holdings_of(registrant: Registrant, *, moved_to: str = "") -> Holdings:
    """Return what is there of a registrant now. moved_to: FIPS code of the county that they move to."""
    leads = list(registrant.leads.exclude(state=LeadState.CLOSED).order_by("opened_at", "pk"))
    given = Evidence.objects.filter(request__registrant=registrant)
    arriving = Q(request__registrant=registrant, state__in=ON_THE_WAY)
    return Holdings(
        at=timezone.now(),
        number=registrant.reference,
        places=registrant.premises.registered().count(),
        cameras=Camera.objects.filter(premises__registrant=registrant).count(),
        waiting=registrant.requests.filter(state=RequestState.SENT).count(),
        arriving=Upload.objects.filter(arriving).count(),
        files=given.count(),
        kept_until=given.aggregate(last=Max("kept_until"))["last"],
        leads=", ".join(lead.reference for lead in leads),
        leads_named=any(lead.names_somebody for lead in leads),
        leads_until=max((lead.delete_after for lead in leads), default=None),
        moved_to=moved_to,
    )


def _text(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _time(text: str | int) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None
