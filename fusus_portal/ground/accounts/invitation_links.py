from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import RoleChange
from fusus_portal.ground.accounts.states import RoleChangeKind
from fusus_portal.ground.lifecycle import NotYours

_signer = Signer(salt="accounts.invitation", sep=".")


def token_of(change_id: UUID | str) -> str:
    return _signer.sign(str(change_id))


def invitation_of(token: str) -> RoleChange:
    """Return the invitation of a link, in any state. Raises NotYours for a token that we did not sign."""
    try:
        return RoleChange.objects.get(pk=_signer.unsign(token), kind=RoleChangeKind.INVITE)
    except (BadSignature, RoleChange.DoesNotExist):
        raise NotYours(_("There is no such invitation.")) from None
