"""Lifecycle of a question to join. The end of its time is no state: nobody can tell it from a no."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Rule


class JoinState(TextChoices):
    ASKED = "asked", _("Waits for an answer")
    ADMITTED = "admitted", _("Yes")
    DECLINED = "declined", _("No")


JOIN = Lifecycle(
    name="join question",
    states=JoinState,
    start=[JoinState.ASKED],
    transitions={
        (JoinState.ASKED, JoinState.ADMITTED): Rule(Event.JOIN_ADMITTED, Permission.OPEN_INCIDENT),
        (JoinState.ASKED, JoinState.DECLINED): Rule(Event.JOIN_DECLINED, Permission.OPEN_INCIDENT),
    },
)
