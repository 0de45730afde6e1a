"""The lifecycle of a clip."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Rule
from integration.rules import DEVICE, OWNER


class ClipState(TextChoices):
    """What became of a clip that a deputy asked for. How its request was answered says the request."""

    ASKED = "asked", _("Waits for the owner")
    ORDERED = "ordered", _("Given, and on its way")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("There is no such recording")


CLIP = Lifecycle(
    name="clip",
    states=ClipState,
    start=[ClipState.ASKED],
    transitions={
        (ClipState.ASKED, ClipState.ORDERED): Rule(who=OWNER, event=Event.CLIP_GIVEN),
        (ClipState.ORDERED, ClipState.SENT): Rule(who=DEVICE, event=Event.CLIP_SENT),
        (ClipState.ORDERED, ClipState.FAILED): Rule(who=DEVICE, event=Event.CLIP_FAILED),
    },
)
