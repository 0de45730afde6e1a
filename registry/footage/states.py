"""The lifecycles of an upload, of a file that was given, and of a legal hold."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Rule
from registry.rules import OWNER, SUPERVISOR, TASK


class UploadState(TextChoices):
    """One file on its way."""

    RECEIVING = "receiving", _("Arriving")
    CHECKING = "checking", _("Being checked")
    RECEIVED = "received", _("Received")
    REFUSED = "refused", _("Refused")
    REMOVED = "removed", _("Removed")


class EvidenceState(TextChoices):
    """Whether a file that was given is still there. What is left of a deleted one is a row without a file."""

    KEPT = "kept", _("Kept")
    DELETING = "deleting", _("Being deleted")
    DELETED = "deleted", _("Deleted")


class HoldState(TextChoices):
    """Whether a legal hold stops deletion."""

    PLACED = "placed", _("In force")
    LIFTED = "lifted", _("Lifted")


ON_THE_WAY = (UploadState.RECEIVING, UploadState.CHECKING)
"""Not yet evidence, and not given up."""

UPLOAD = Lifecycle(
    name="upload",
    states=UploadState,
    start=[UploadState.RECEIVING],
    transitions={
        (UploadState.RECEIVING, UploadState.CHECKING): Rule(who=OWNER, event=Event.UPLOAD_FINISHED),
        (UploadState.RECEIVING, UploadState.REFUSED): Rule(who=OWNER, event=Event.UPLOAD_REFUSED),
        (UploadState.RECEIVING, UploadState.REMOVED): Rule(who=[*OWNER, *TASK], event=Event.UPLOAD_REMOVED),
        (UploadState.CHECKING, UploadState.RECEIVED): Rule(who=TASK, event=Event.EVIDENCE_RECEIVED),
        (UploadState.CHECKING, UploadState.REFUSED): Rule(who=TASK, event=Event.UPLOAD_REFUSED),
        (UploadState.CHECKING, UploadState.REMOVED): Rule(who=TASK, event=Event.UPLOAD_REMOVED),
    },
)

EVIDENCE = Lifecycle(
    name="evidence",
    states=EvidenceState,
    start=[EvidenceState.KEPT],
    transitions={
        (EvidenceState.KEPT, EvidenceState.DELETING): Rule(who=TASK, event=Event.EVIDENCE_ENDED),
        (EvidenceState.DELETING, EvidenceState.DELETED): Rule(who=TASK, event=Event.EVIDENCE_DELETED),
    },
)

HOLD = Lifecycle(
    name="legal hold",
    states=HoldState,
    start=[HoldState.PLACED],
    transitions={
        (HoldState.PLACED, HoldState.LIFTED): Rule(who=SUPERVISOR, event=Event.HOLD_LIFTED),
    },
)
