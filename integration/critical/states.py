"""The lifecycle of a declaration."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Rule
from integration.rules import AGENCY, DISPATCH, TASK


class DeclarationState(TextChoices):
    """Whether an incident counts as critical by a declaration."""

    PROPOSED = "proposed", _("Waits for a second person")
    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", _("Over")


DECLARATION = Lifecycle(
    name="declaration",
    states=DeclarationState,
    start=[DeclarationState.PROPOSED, DeclarationState.IN_FORCE],
    transitions={
        (DeclarationState.PROPOSED, DeclarationState.IN_FORCE): Rule(who=AGENCY, event=Event.CRITICAL_SECONDED),
        (DeclarationState.PROPOSED, DeclarationState.ENDED): Rule(
            who=(*AGENCY, *TASK, *DISPATCH), event=Event.CRITICAL_NOT_SECONDED
        ),
        (DeclarationState.IN_FORCE, DeclarationState.ENDED): Rule(
            who=(*AGENCY, *TASK, *DISPATCH), event=Event.CRITICAL_ENDED
        ),
    },
)
