from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class GrantState(TextChoices):
    RUNNING = "running", _("Running")
    ENDED = "ended", _("Over")


GRANT = Lifecycle(
    name="live view",
    states=GrantState,
    start=[GrantState.RUNNING],
    transitions={
        (GrantState.RUNNING, GrantState.ENDED): Rule(
            Event.VIEW_ENDED,
            Permission.VIEW_LIVE,
            Permission.OWN_REGISTRATION,
            Permission.FULFILMENT,
            Permission.ADMINISTER,
            Other.TASK,
            Other.DISPATCH,
            Other.OPERATOR,
        ),
    },
)
