"""The lifecycles of an import and of a copy of the registry."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Rule
from registry.rules import ADMINISTRATOR, LEAVING, TASK


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
