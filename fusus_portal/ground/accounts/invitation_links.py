"""The link of an invitation: derived from the change by HMAC whenever it is needed, stored nowhere."""

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import RoleChange
from fusus_portal.ground.accounts.states import RoleChangeKind
from fusus_portal.ground.lifecycle import NotYours

_signer = Signer(salt="accounts.invitation", sep=".")


def token_of(change_id: UUID | str) -> str:
    """Return the token of an invitation's link."""
    return _signer.sign(str(change_id))


def invitation_of(token: str) -> RoleChange:
    """Return the invitation that a link names; whether it can be accepted is another question.

    Raises NotYours for a token that we did not make.
    """
    try:
        return RoleChange.objects.get(pk=_signer.unsign(token), kind=RoleChangeKind.INVITE)
    except (BadSignature, RoleChange.DoesNotExist):
        raise NotYours(_("There is no such invitation.")) from None
