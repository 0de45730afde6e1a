from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class UploadState(TextChoices):
    RECEIVING = "receiving", _("Arriving")
    READY = "ready", _("Here, not given yet")
    CHECKING = "checking", _("Being checked")
    RECEIVED = "received", _("Received")
    REFUSED = "refused", _("Refused")
    REMOVED = "removed", _("Removed")


class EvidenceState(TextChoices):
    KEPT = "kept", _("Kept")
    DELETING = "deleting", _("Being deleted")
    DELETED = "deleted", _("Deleted")


class HoldState(TextChoices):
    PLACED = "placed", _("In force")
    LIFTED = "lifted", _("Lifted")


ON_THE_WAY = (UploadState.RECEIVING, UploadState.READY, UploadState.CHECKING)
"""States of a file that is not yet evidence, and neither refused nor removed."""

NOT_GIVEN = (UploadState.RECEIVING, UploadState.READY)
"""States in which nobody but its owner knows of a file, unless a standing rule gave it while it was arriving."""

_OWNER = (Permission.OWN_REGISTRATION, Other.LINK)

UPLOAD = Lifecycle(
    name="upload",
    states=UploadState,
    start=[UploadState.RECEIVING],
    transitions={
        (UploadState.RECEIVING, UploadState.READY): Rule(Event.UPLOAD_FINISHED, *_OWNER),
        (UploadState.RECEIVING, UploadState.CHECKING): Rule(Event.UPLOAD_FINISHED, *_OWNER),
        (UploadState.RECEIVING, UploadState.REFUSED): Rule(Event.UPLOAD_REFUSED, *_OWNER),
        (UploadState.RECEIVING, UploadState.REMOVED): Rule(Event.UPLOAD_REMOVED, *_OWNER, Other.TASK),
        (UploadState.READY, UploadState.CHECKING): Rule(Event.UPLOAD_GIVEN, *_OWNER),
        (UploadState.READY, UploadState.REMOVED): Rule(Event.UPLOAD_REMOVED, *_OWNER, Other.TASK),
        (UploadState.CHECKING, UploadState.RECEIVED): Rule(Event.EVIDENCE_RECEIVED, Other.TASK),
        (UploadState.CHECKING, UploadState.REFUSED): Rule(Event.UPLOAD_REFUSED, Other.TASK),
        (UploadState.CHECKING, UploadState.REMOVED): Rule(Event.UPLOAD_REMOVED, Other.TASK),
    },
)

EVIDENCE = Lifecycle(
    name="evidence",
    states=EvidenceState,
    start=[EvidenceState.KEPT],
    transitions={
        (EvidenceState.KEPT, EvidenceState.DELETING): Rule(Event.EVIDENCE_ENDED, Other.TASK),
        (EvidenceState.DELETING, EvidenceState.DELETED): Rule(Event.EVIDENCE_DELETED, Other.TASK),
    },
)

HOLD = Lifecycle(
    name="legal hold",
    states=HoldState,
    start=[HoldState.PLACED],
    transitions={
        (HoldState.PLACED, HoldState.LIFTED): Rule(Event.HOLD_LIFTED, Permission.KEEP_EVIDENCE),
    },
)
