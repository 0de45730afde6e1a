from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule
from registry.footage.states import UploadState


class ClipState(TextChoices):
    """Progress of a CORE with a clip. Its upload and `by_rule` say if the clip is given."""

    ASKED = "asked", _("Waits for the owner")
    ORDERED = "ordered", _("On its way")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("There is no such recording")


ARRIVED = (UploadState.CHECKING, UploadState.RECEIVED)
"""States of a clip's file that is given and here."""

CLIP = Lifecycle(
    name="clip",
    states=ClipState,
    start=[ClipState.ASKED],
    transitions={
        (ClipState.ASKED, ClipState.ORDERED): Rule(Event.CLIP_ORDERED, Permission.OWN_DEVICES),
        (ClipState.SENT, ClipState.ORDERED): Rule(Event.CLIP_ORDERED, Permission.OWN_DEVICES),
        (ClipState.ORDERED, ClipState.SENT): Rule(Event.CLIP_SENT, Other.DEVICE),
        (ClipState.ORDERED, ClipState.FAILED): Rule(Event.CLIP_FAILED, Other.DEVICE),
    },
)
