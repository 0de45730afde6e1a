from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class LoadState(TextChoices):
    LOADING = "loading", _("Being read")
    READY = "ready", _("Ready to be used")
    FAILED = "failed", _("Stopped")
    CURRENT = "current", _("In use")
    PREVIOUS = "previous", _("Kept, to go back to")
    GONE = "gone", _("Deleted")


_USE = Rule(Event.STREETS_USED, Permission.ADMINISTER, Other.OPERATOR)
_KEEP = Rule(Event.STREETS_KEPT, Permission.ADMINISTER, Other.OPERATOR)
_DISCARD = Rule(Event.STREETS_DISCARDED, Permission.ADMINISTER, Other.TASK)

STREETS = Lifecycle(
    name="streets and addresses",
    states=LoadState,
    start=[LoadState.LOADING, LoadState.READY],
    transitions={
        (LoadState.LOADING, LoadState.READY): Rule(Event.STREETS_READ, Other.TASK),
        (LoadState.LOADING, LoadState.FAILED): Rule(Event.STREETS_FAILED, Other.TASK),
        (LoadState.READY, LoadState.CURRENT): _USE,
        (LoadState.READY, LoadState.GONE): _DISCARD,
        (LoadState.FAILED, LoadState.GONE): _DISCARD,
        (LoadState.CURRENT, LoadState.PREVIOUS): _KEEP,
        (LoadState.PREVIOUS, LoadState.CURRENT): Rule(Event.STREETS_BACK, Permission.ADMINISTER, Other.OPERATOR),
        (LoadState.PREVIOUS, LoadState.GONE): Rule(Event.STREETS_REPLACED, Permission.ADMINISTER, Other.OPERATOR),
    },
)
