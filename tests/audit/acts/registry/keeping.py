"""Acts on how long footage is kept."""

from django.utils import timezone

from audit.log.events import Event
from registry.canvasses.links import link_actor
from registry.footage.models import RetentionCategory
from registry.footage.services import custody, retention, uploads
from tests.audit.acts import Act, calls
from tests.audit.acts.registry.footage import receiving
from tests.factories import REASON, incident_at, person, request_at
from tests.registry.footage.footage import given
from tests.registry.footage.keeping import PICTURE, announced, ended, old_footage

FILE_FIRST = ("registry_evidence",)
"""The file goes before its tombstone is written: what was begun in the log may be ended twice, never half said."""


@calls(uploads.describe, Event.UPLOAD_DESCRIBED)
def describe() -> Act:
    """Its owner says when it starts."""
    upload = receiving()
    by, now = link_actor(upload.request), timezone.now()
    return lambda: uploads.describe(upload=upload, camera="", starts_at=now, by=by)


@calls(custody.open_list, Event.EVIDENCE_LISTED)
def open_list() -> Act:
    """The deputy opens the list of an incident's footage."""
    incident = incident_at()
    return lambda: custody.open_list(incident=incident, by=incident.opened_by)


@calls(retention.add_category, Event.RETENTION_ADDED)
def add() -> Act:
    """An administrator adds a category."""
    by = person("administrator")
    return lambda: retention.add_category(name="Theft", days=400, floor_days=400, by=by)


@calls(retention.change_category, Event.RETENTION_CHANGED)
def change() -> Act:
    """An administrator changes one."""
    by, standard = person("administrator"), RetentionCategory.objects.get(is_standard=True)
    return lambda: retention.change_category(category=standard, name="Standard", days=2000, floor_days=400, by=by)


@calls(retention.classify_evidence, Event.EVIDENCE_CLASSIFIED)
def classify() -> Act:
    """A supervisor keeps a file longer."""
    item, by = given(request_at("sent"), content=PICTURE, name="porch.jpg"), person("supervisor")
    category = RetentionCategory.objects.get(name="Violent crime")
    return lambda: retention.classify_evidence(evidence=item, category=category, reason=REASON, by=by)


@calls(retention.place_hold, Event.HOLD_PLACED)
def place() -> Act:
    """A supervisor places a legal hold."""
    incident, by = incident_at(), person("supervisor")
    return lambda: retention.place_hold(incident=incident, reason=REASON, by=by)


@calls(retention.lift_hold, Event.HOLD_LIFTED)
def lift() -> Act:
    """A supervisor lifts it."""
    by = person("supervisor")
    hold = retention.place_hold(incident=incident_at(), reason=REASON, by=by)
    return lambda: retention.lift_hold(hold=hold, reason="The court released all of it in May", by=by)


@calls(retention.announce_deletions, Event.DELETION_ANNOUNCED)
def announce_due() -> Act:
    """A file's day comes near."""
    old_footage()
    return retention.announce_deletions


@calls(retention.begin_deletions, Event.EVIDENCE_ENDED)
def begin_due() -> Act:
    """Its day has come."""
    announced()
    return retention.begin_deletions


@calls(retention.finish_deletion, Event.EVIDENCE_DELETED, written_before=FILE_FIRST)
def finish() -> Act:
    """The file goes."""
    file = ended()
    return lambda: retention.finish_deletion(evidence=file.pk)
