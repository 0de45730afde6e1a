"""What a registration holds, in numbers: the same before somebody leaves, on the receipt, and in the message."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import Max, Q
from django.utils import timezone

from registry.models import Camera, Evidence, Registrant, Upload
from registry.states import ON_THE_WAY, RequestState


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is there of a person. at: when it was counted.

    cameras: removed ones too. waiting: requests without an answer. arriving: files that are not given yet.
    files: given, and kept for their cases. kept_until: when the last of them ends, None without any.
    """

    at: datetime
    number: str
    places: int
    cameras: int
    waiting: int
    arriving: int
    files: int
    kept_until: datetime | None

    def facts(self) -> dict[str, str | int]:
        """Return it as text and numbers, for a message or a session. It names nobody."""
        until = self.kept_until.isoformat() if self.kept_until else ""
        return {**asdict(self), "at": self.at.isoformat(), "kept_until": until}

    @staticmethod
    def of_facts(facts: Mapping[str, str | int]) -> "Holdings":
        """Return what `facts` made text and numbers of."""
        until = str(facts["kept_until"])
        return Holdings(
            at=datetime.fromisoformat(str(facts["at"])),
            number=str(facts["number"]),
            places=int(facts["places"]),
            cameras=int(facts["cameras"]),
            waiting=int(facts["waiting"]),
            arriving=int(facts["arriving"]),
            files=int(facts["files"]),
            kept_until=datetime.fromisoformat(until) if until else None,
        )


def holdings_of(registrant: Registrant) -> Holdings:
    """Return what is there of a registrant now."""
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
    )
