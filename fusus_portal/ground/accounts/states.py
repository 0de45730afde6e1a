"""The lifecycle of a change to an agency account, and of nothing else."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Lifecycle, Rule

OPERATOR = "operator"  # someone at the server, while fewer than two administrators can act
INVITED = "invited person"
CLOCK = "clock"


class RoleChangeKind(models.TextChoices):
    """What two administrators can do to an agency account."""

    INVITE = "invite", _("Invite a person")
    CHANGE_ROLE = "change_role", _("Change the role")
    RELEASE = "release", _("Release the lock")
    RESET_FACTORS = "reset_factors", _("Let the person set up a new passkey or app")
    DISABLE = "disable", _("Disable the account")
    ENABLE = "enable", _("Enable the account")


class RoleChangeState(models.TextChoices):
    """How far a proposed change is."""

    PROPOSED = "proposed", _("Waiting for a second administrator")
    APPROVED = "approved", _("Waiting for the invited person")
    ACCEPTED = "accepted", _("In effect")
    CANCELLED = "cancelled", _("Canceled")
    EXPIRED = "expired", _("Expired")


OPEN = (RoleChangeState.PROPOSED, RoleChangeState.APPROVED)

_ADMINISTRATOR = frozenset({str(Role.ADMINISTRATOR)})
_APPROVE = Rule(who={str(Role.ADMINISTRATOR), OPERATOR}, event=Event.ROLE_CHANGE_APPROVED)
_CANCEL = Rule(who=_ADMINISTRATOR, event=Event.ROLE_CHANGE_CANCELLED)
_CANCEL_INVITATION = Rule(who={str(Role.ADMINISTRATOR), OPERATOR}, event=Event.ROLE_CHANGE_CANCELLED)
_EXPIRE = Rule(who={CLOCK}, event=Event.ROLE_CHANGE_EXPIRED)

ROLE_CHANGE = Lifecycle(
    name="account change",
    states=RoleChangeState,
    start=[RoleChangeState.PROPOSED],
    transitions={
        (RoleChangeState.PROPOSED, RoleChangeState.APPROVED): _APPROVE,
        (RoleChangeState.PROPOSED, RoleChangeState.ACCEPTED): _APPROVE,
        (RoleChangeState.PROPOSED, RoleChangeState.CANCELLED): _CANCEL,
        (RoleChangeState.PROPOSED, RoleChangeState.EXPIRED): _EXPIRE,
        (RoleChangeState.APPROVED, RoleChangeState.ACCEPTED): Rule(who={INVITED}, event=Event.ROLE_CHANGE_ACCEPTED),
        (RoleChangeState.APPROVED, RoleChangeState.CANCELLED): _CANCEL_INVITATION,
        (RoleChangeState.APPROVED, RoleChangeState.EXPIRED): _EXPIRE,
    },
)
