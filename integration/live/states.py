"""The lifecycle of a live view."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Rule
from integration.rules import AGENCY, CLERK, DISPATCH, OWNER, TASK


class GrantState(TextChoices):
    """Whether somebody may see a camera by a grant."""

    RUNNING = "running", _("Running")
    ENDED = "ended", _("Over")


GRANT = Lifecycle(
    name="live view",
    states=GrantState,
    start=[GrantState.RUNNING],
    transitions={
        (GrantState.RUNNING, GrantState.ENDED): Rule(
            who=(*AGENCY, *TASK, *OWNER, *CLERK, *DISPATCH, "resident", "administrator", "operator"),
            event=Event.VIEW_ENDED,
        ),
    },
)
