"""Steps of footage that was given, and of legal holds."""

from registry.footage.services import retention
from registry.footage.states import EVIDENCE, HOLD, EvidenceState, HoldState
from tests.factories import REASON, incident_at, person
from tests.lifecycle.drivers import Taken, drives, take
from tests.registry.footage.keeping import announced, ended


@drives(EVIDENCE, EvidenceState.KEPT, EvidenceState.DELETING, "task")
def begin_to_delete(role: str) -> Taken:
    """Its day has come, and was announced."""
    return take(announced(), retention.begin_deletions)


@drives(EVIDENCE, EvidenceState.DELETING, EvidenceState.DELETED, "task")
def delete(role: str) -> Taken:
    """The file goes, the tombstone stays."""
    file = ended()
    return take(file, lambda: retention.finish_deletion(evidence=file.pk))


@drives(HOLD, HoldState.PLACED, HoldState.LIFTED, "supervisor")
def lift_hold(role: str) -> Taken:
    """A supervisor lifts it."""
    supervisor = person(role)
    hold = retention.place_hold(incident=incident_at(), reason=REASON, by=supervisor)
    return take(
        hold, lambda: retention.lift_hold(hold=hold, reason="The court released all of it in May", by=supervisor)
    )
