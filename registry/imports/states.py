from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class ImportState(TextChoices):
    UPLOADED = "uploaded", _("Read")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    RUNNING = "running", _("Being imported")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Stopped")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", _("Discarded")


AT_WORK = (ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING)
"""States in which a worker has something to do."""


class ExportState(TextChoices):
    PROPOSED = "proposed", _("Waiting for a second administrator")
    APPROVED = "approved", _("Being made")
    READY = "ready", _("Ready")
    TAKEN = "taken", _("Taken")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Canceled")


_DISCARD = Rule(Event.IMPORT_DISCARDED, Permission.ADMINISTER, Other.TASK)
_CHECK = Rule(Event.IMPORT_CHECKED, Permission.ADMINISTER)
_START = Rule(Event.IMPORT_STARTED, Permission.ADMINISTER)
_FAIL = Rule(Event.IMPORT_FAILED, Other.TASK)
_UNDO = Rule(Event.IMPORT_UNDO_STARTED, Permission.ADMINISTER)

IMPORT = Lifecycle(
    name="import",
    states=ImportState,
    start=[ImportState.UPLOADED],
    transitions={
        (ImportState.UPLOADED, ImportState.CHECKING): _CHECK,
        (ImportState.UPLOADED, ImportState.DISCARDED): _DISCARD,
        (ImportState.CHECKING, ImportState.CHECKED): Rule(Event.IMPORT_COUNTED, Other.TASK),
        (ImportState.CHECKING, ImportState.FAILED): _FAIL,
        (ImportState.CHECKING, ImportState.DISCARDED): _DISCARD,
        (ImportState.CHECKED, ImportState.CHECKING): _CHECK,
        (ImportState.CHECKED, ImportState.RUNNING): _START,
        (ImportState.CHECKED, ImportState.DISCARDED): _DISCARD,
        (ImportState.RUNNING, ImportState.DONE): Rule(Event.IMPORT_FINISHED, Other.TASK),
        (ImportState.RUNNING, ImportState.FAILED): _FAIL,
        (ImportState.RUNNING, ImportState.UNDOING): _UNDO,
        (ImportState.FAILED, ImportState.RUNNING): _START,
        (ImportState.FAILED, ImportState.UNDOING): _UNDO,
        (ImportState.FAILED, ImportState.DISCARDED): _DISCARD,
        (ImportState.DONE, ImportState.UNDOING): _UNDO,
        (ImportState.UNDOING, ImportState.UNDONE): Rule(Event.IMPORT_UNDONE, Other.TASK),
    },
)

EXPORT = Lifecycle(
    name="export of the registry",
    states=ExportState,
    start=[ExportState.PROPOSED],
    transitions={
        (ExportState.PROPOSED, ExportState.APPROVED): Rule(Event.EXPORT_APPROVED, Permission.ADMINISTER),
        (ExportState.PROPOSED, ExportState.CANCELLED): Rule(Event.EXPORT_CANCELLED, Permission.ADMINISTER),
        (ExportState.PROPOSED, ExportState.EXPIRED): Rule(Event.EXPORT_EXPIRED, Other.TASK),
        (ExportState.APPROVED, ExportState.READY): Rule(Event.EXPORT_MADE, Other.TASK),
        (ExportState.READY, ExportState.APPROVED): Rule(Event.EXPORT_RENEWED, Permission.OWN_REGISTRATION),
        (ExportState.READY, ExportState.TAKEN): Rule(Event.EXPORT_TAKEN, Permission.ADMINISTER),
        (ExportState.READY, ExportState.EXPIRED): Rule(Event.EXPORT_EXPIRED, Other.TASK),
    },
)
