"""The lifecycles of the registry. Verification of an incident is a fact about it, not one of its states."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.events import Event
from fusus_portal.lifecycle import Lifecycle, Rule

OWNER = ("link", "resident", "business")
"""Who answers a request: the holder of its link, or the registrant signed in."""

LEAVING = ("resident", "business")
"""Who takes back what still waits for them, by leaving the registry (promise R12)."""

AGENCY = ("deputy", "supervisor")
ADMINISTRATOR = ("administrator",)
SUPERVISOR = ("supervisor",)
ADMINISTRATORS = ("administrator",)
TASK = ("task",)


class IncidentState(TextChoices):
    """Whether an incident is worked on."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class CanvassState(TextChoices):
    """Where one search of an area stands."""

    DRAFT = "draft", _("Prepared")
    WAITING = "waiting", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    DENIED = "denied", _("Denied")
    SENT = "sent", _("Sent")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")
    CLOSED = "closed", _("Closed")


BEFORE_SENDING = (CanvassState.DRAFT, CanvassState.WAITING, CanvassState.APPROVED, CanvassState.DENIED)
ONCE_SENT = (CanvassState.SENT, CanvassState.WITHDRAWN, CanvassState.EXPIRED)
"""Requests went out, and nobody has closed it."""


class RequestState(TextChoices):
    """One registrant's part of a canvass. There is no state for "opened": a link does not act on opening."""

    SENT = "sent", _("Waiting for an answer")
    FOOTAGE = "footage", _("Footage given")
    NONE = "none", _("No footage")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


TOLD = (RequestState.FOOTAGE, RequestState.NONE)
"""The only answers that a deputy is told of, one by one; a decline looks like no answer (promise R4)."""


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


class LeadState(TextChoices):
    """How far the agency of another county has been asked to join."""

    OPEN = "open", _("Open")
    CONTACTED = "contacted", _("Agency contacted")
    ANSWERED = "answered", _("Agency answered")
    JOINED = "joined", _("Agency joined")
    DECLINED = "declined", _("Agency declined")
    CLOSED = "closed", _("Closed")


ON_THE_WAY = (UploadState.RECEIVING, UploadState.CHECKING)
"""Not yet evidence, and not given up."""


class ImportState(TextChoices):
    """One file of an agency's former registry."""

    UPLOADED = "uploaded", _("Read")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    RUNNING = "running", _("Being imported")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Stopped")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", _("Discarded")


class ExportState(TextChoices):
    """One copy of the whole registry."""

    PROPOSED = "proposed", _("Waiting for a second administrator")
    APPROVED = "approved", _("Being made")
    READY = "ready", _("Ready")
    TAKEN = "taken", _("Taken")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Canceled")


INCIDENT = Lifecycle(
    name="incident",
    states=IncidentState,
    start=[IncidentState.OPEN],
    transitions={
        (IncidentState.OPEN, IncidentState.CLOSED): Rule(who=[*AGENCY, *TASK], event=Event.INCIDENT_CLOSED),
    },
)

CANVASS = Lifecycle(
    name="canvass",
    states=CanvassState,
    start=[CanvassState.DRAFT],
    transitions={
        (CanvassState.DRAFT, CanvassState.WAITING): Rule(who=AGENCY, event=Event.CANVASS_APPROVAL_ASKED),
        (CanvassState.WAITING, CanvassState.APPROVED): Rule(who=SUPERVISOR, event=Event.CANVASS_APPROVED),
        (CanvassState.WAITING, CanvassState.DENIED): Rule(who=SUPERVISOR, event=Event.CANVASS_DENIED),
        (CanvassState.WAITING, CanvassState.DRAFT): Rule(who=AGENCY, event=Event.CANVASS_CHANGED),
        (CanvassState.APPROVED, CanvassState.DRAFT): Rule(who=AGENCY, event=Event.CANVASS_CHANGED),
        (CanvassState.DENIED, CanvassState.DRAFT): Rule(who=AGENCY, event=Event.CANVASS_CHANGED),
        (CanvassState.DRAFT, CanvassState.SENT): Rule(who=AGENCY, event=Event.CANVASS_SENT),
        (CanvassState.APPROVED, CanvassState.SENT): Rule(who=AGENCY, event=Event.CANVASS_SENT),
        (CanvassState.SENT, CanvassState.WITHDRAWN): Rule(who=AGENCY, event=Event.CANVASS_WITHDRAWN),
        (CanvassState.SENT, CanvassState.EXPIRED): Rule(who=TASK, event=Event.CANVASS_EXPIRED),
        (CanvassState.DRAFT, CanvassState.CLOSED): Rule(who=AGENCY, event=Event.CANVASS_CLOSED),
        (CanvassState.WAITING, CanvassState.CLOSED): Rule(who=AGENCY, event=Event.CANVASS_CLOSED),
        (CanvassState.APPROVED, CanvassState.CLOSED): Rule(who=AGENCY, event=Event.CANVASS_CLOSED),
        (CanvassState.DENIED, CanvassState.CLOSED): Rule(who=AGENCY, event=Event.CANVASS_CLOSED),
        (CanvassState.SENT, CanvassState.CLOSED): Rule(who=AGENCY, event=Event.CANVASS_CLOSED),
        (CanvassState.WITHDRAWN, CanvassState.CLOSED): Rule(who=AGENCY, event=Event.CANVASS_CLOSED),
        (CanvassState.EXPIRED, CanvassState.CLOSED): Rule(who=AGENCY, event=Event.CANVASS_CLOSED),
    },
)

REQUEST = Lifecycle(
    name="footage request",
    states=RequestState,
    start=[RequestState.SENT],
    transitions={
        (RequestState.SENT, RequestState.FOOTAGE): Rule(who=OWNER, event=Event.REQUEST_ANSWERED_FOOTAGE),
        (RequestState.SENT, RequestState.NONE): Rule(who=OWNER, event=Event.REQUEST_ANSWERED_NONE),
        (RequestState.SENT, RequestState.DECLINED): Rule(who=OWNER, event=Event.REQUEST_DECLINED),
        (RequestState.SENT, RequestState.WITHDRAWN): Rule(
            who=[*AGENCY, *LEAVING, *TASK], event=Event.REQUEST_WITHDRAWN
        ),
        (RequestState.SENT, RequestState.EXPIRED): Rule(who=TASK, event=Event.REQUEST_EXPIRED),
    },
)

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

_DISCARD = Rule(who=[*ADMINISTRATOR, *TASK], event=Event.IMPORT_DISCARDED)
_CHECK = Rule(who=ADMINISTRATOR, event=Event.IMPORT_CHECKED)
_START = Rule(who=ADMINISTRATOR, event=Event.IMPORT_STARTED)
_FAIL = Rule(who=TASK, event=Event.IMPORT_FAILED)
_UNDO = Rule(who=ADMINISTRATOR, event=Event.IMPORT_UNDO_STARTED)

IMPORT = Lifecycle(
    name="import",
    states=ImportState,
    start=[ImportState.UPLOADED],
    transitions={
        (ImportState.UPLOADED, ImportState.CHECKING): _CHECK,
        (ImportState.UPLOADED, ImportState.DISCARDED): _DISCARD,
        (ImportState.CHECKING, ImportState.CHECKED): Rule(who=TASK, event=Event.IMPORT_COUNTED),
        (ImportState.CHECKING, ImportState.FAILED): _FAIL,
        (ImportState.CHECKING, ImportState.DISCARDED): _DISCARD,
        (ImportState.CHECKED, ImportState.CHECKING): _CHECK,
        (ImportState.CHECKED, ImportState.RUNNING): _START,
        (ImportState.CHECKED, ImportState.DISCARDED): _DISCARD,
        (ImportState.RUNNING, ImportState.DONE): Rule(who=TASK, event=Event.IMPORT_FINISHED),
        (ImportState.RUNNING, ImportState.FAILED): _FAIL,
        (ImportState.RUNNING, ImportState.UNDOING): _UNDO,
        (ImportState.FAILED, ImportState.RUNNING): _START,
        (ImportState.FAILED, ImportState.UNDOING): _UNDO,
        (ImportState.FAILED, ImportState.DISCARDED): _DISCARD,
        (ImportState.DONE, ImportState.UNDOING): _UNDO,
        (ImportState.UNDOING, ImportState.UNDONE): Rule(who=TASK, event=Event.IMPORT_UNDONE),
    },
)

EXPORT = Lifecycle(
    name="export of the registry",
    states=ExportState,
    start=[ExportState.PROPOSED],
    transitions={
        (ExportState.PROPOSED, ExportState.APPROVED): Rule(who=ADMINISTRATOR, event=Event.EXPORT_APPROVED),
        (ExportState.PROPOSED, ExportState.CANCELLED): Rule(who=ADMINISTRATOR, event=Event.EXPORT_CANCELLED),
        (ExportState.PROPOSED, ExportState.EXPIRED): Rule(who=TASK, event=Event.EXPORT_EXPIRED),
        (ExportState.APPROVED, ExportState.READY): Rule(who=TASK, event=Event.EXPORT_MADE),
        (ExportState.READY, ExportState.APPROVED): Rule(who=LEAVING, event=Event.EXPORT_RENEWED),
        (ExportState.READY, ExportState.TAKEN): Rule(who=ADMINISTRATOR, event=Event.EXPORT_TAKEN),
        (ExportState.READY, ExportState.EXPIRED): Rule(who=TASK, event=Event.EXPORT_EXPIRED),
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

_LEAD_ENDS = Rule(who=[*ADMINISTRATORS, *LEAVING, *TASK], event=Event.LEAD_CLOSED)
"""An administrator is done with it, the person takes it back, or its 90 days are over."""

LEAD = Lifecycle(
    name="outreach lead",
    states=LeadState,
    start=[LeadState.OPEN],
    transitions={
        (LeadState.OPEN, LeadState.CONTACTED): Rule(who=ADMINISTRATORS, event=Event.LEAD_CONTACTED),
        (LeadState.CONTACTED, LeadState.ANSWERED): Rule(who=ADMINISTRATORS, event=Event.LEAD_ANSWERED),
        (LeadState.CONTACTED, LeadState.JOINED): Rule(who=ADMINISTRATORS, event=Event.LEAD_JOINED),
        (LeadState.CONTACTED, LeadState.DECLINED): Rule(who=ADMINISTRATORS, event=Event.LEAD_DECLINED),
        (LeadState.ANSWERED, LeadState.JOINED): Rule(who=ADMINISTRATORS, event=Event.LEAD_JOINED),
        (LeadState.ANSWERED, LeadState.DECLINED): Rule(who=ADMINISTRATORS, event=Event.LEAD_DECLINED),
        **{(state, LeadState.CLOSED): _LEAD_ENDS for state in LeadState if state != LeadState.CLOSED},
    },
)
