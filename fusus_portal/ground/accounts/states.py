from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class RoleChangeKind(models.TextChoices):
    INVITE = "invite", _("Invite a person")
    CHANGE_ROLE = "change_role", _("Change the role")
    RELEASE = "release", _("Release the lock")
    RESET_FACTORS = "reset_factors", _("Let the person set up a new passkey or app")
    DISABLE = "disable", _("Disable the account")
    ENABLE = "enable", _("Enable the account")


class RoleChangeState(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for a second administrator")
    APPROVED = "approved", _("Waiting for the invited person")
    ACCEPTED = "accepted", _("In effect")
    CANCELLED = "cancelled", _("Canceled")
    EXPIRED = "expired", _("Expired")


OPEN = (RoleChangeState.PROPOSED, RoleChangeState.APPROVED)

_APPROVE = Rule(Event.ROLE_CHANGE_APPROVED, Permission.PEOPLE, Other.OPERATOR)
_CANCEL = Rule(Event.ROLE_CHANGE_CANCELLED, Permission.PEOPLE)
_CANCEL_INVITATION = Rule(Event.ROLE_CHANGE_CANCELLED, Permission.PEOPLE, Other.OPERATOR)
_EXPIRE = Rule(Event.ROLE_CHANGE_EXPIRED, Other.CLOCK)

ROLE_CHANGE = Lifecycle(
    name="account change",
    states=RoleChangeState,
    start=[RoleChangeState.PROPOSED],
    transitions={
        (RoleChangeState.PROPOSED, RoleChangeState.APPROVED): _APPROVE,
        (RoleChangeState.PROPOSED, RoleChangeState.ACCEPTED): _APPROVE,
        (RoleChangeState.PROPOSED, RoleChangeState.CANCELLED): _CANCEL,
        (RoleChangeState.PROPOSED, RoleChangeState.EXPIRED): _EXPIRE,
        (RoleChangeState.APPROVED, RoleChangeState.ACCEPTED): Rule(Event.ROLE_CHANGE_ACCEPTED, Other.INVITED),
        (RoleChangeState.APPROVED, RoleChangeState.CANCELLED): _CANCEL_INVITATION,
        (RoleChangeState.APPROVED, RoleChangeState.EXPIRED): _EXPIRE,
    },
)


class SuspensionState(models.TextChoices):
    SUSPENDED = "suspended", _("Waiting for a second administrator")
    CONFIRMED = "confirmed", _("Confirmed")
    ENDED = "ended", _("Not confirmed in time")


SUSPENSION = Lifecycle(
    name="suspension",
    states=SuspensionState,
    start=[SuspensionState.SUSPENDED],
    transitions={
        (SuspensionState.SUSPENDED, SuspensionState.CONFIRMED): Rule(
            Event.SUSPENSION_CONFIRMED, Permission.PEOPLE, Other.OPERATOR
        ),
        (SuspensionState.SUSPENDED, SuspensionState.ENDED): Rule(Event.SUSPENSION_ENDED, Other.CLOCK),
    },
)
