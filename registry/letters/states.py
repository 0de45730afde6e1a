from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class LetterState(TextChoices):
    WAITING = "waiting", _("Waiting to be printed")
    PRINTED = "printed", _("On its way")
    USED = "used", _("Its code was typed")
    ENDED = "ended", _("No longer good")


IN_FORCE = (LetterState.WAITING, LetterState.PRINTED)
"""States in which a letter may still confirm its place."""

_END = Rule(Event.LETTER_ENDED, Permission.OWN_REGISTRATION, Other.TASK)

LETTER = Lifecycle(
    name="letter",
    states=LetterState,
    start=[LetterState.WAITING],
    transitions={
        (LetterState.WAITING, LetterState.PRINTED): Rule(Event.LETTER_PRINTED, Other.TASK),
        (LetterState.PRINTED, LetterState.WAITING): Rule(Event.LETTER_PUT_BACK, Other.TASK),
        (LetterState.PRINTED, LetterState.USED): Rule(Event.LETTER_USED, Permission.OWN_REGISTRATION),
        **{(state, LetterState.ENDED): _END for state in IN_FORCE},
    },
)
