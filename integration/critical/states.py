from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class DeclarationState(TextChoices):
    PROPOSED = "proposed", _("Waits for a second person")
    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", _("Over")


_ANYONE = (Permission.OPEN_INCIDENT, Other.TASK, Other.DISPATCH)

DECLARATION = Lifecycle(
    name="declaration",
    states=DeclarationState,
    start=[DeclarationState.PROPOSED, DeclarationState.IN_FORCE],
    transitions={
        (DeclarationState.PROPOSED, DeclarationState.IN_FORCE): Rule(Event.CRITICAL_SECONDED, Permission.OPEN_INCIDENT),
        (DeclarationState.PROPOSED, DeclarationState.ENDED): Rule(Event.CRITICAL_NOT_SECONDED, *_ANYONE),
        (DeclarationState.IN_FORCE, DeclarationState.ENDED): Rule(Event.CRITICAL_ENDED, *_ANYONE),
    },
)
