"""Signed links in the mails of an import: made when needed, stored nowhere, void once the row in them is deleted."""

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import NotYours, Stale
from registry.imports.models import Imported, ImportInvitation

_invited = Signer(salt="registry.import_invitation", sep=".")
_claimed = Signer(salt="registry.import_claim", sep=".")


def invitation_token(pk: UUID | str) -> str:
    return _invited.sign(str(pk))


def invitation_of(token: str) -> ImportInvitation:
    """Return the invitation of a link. Raises NotYours for a forged link, Stale when the invitation has ended."""
    pk = _named(_invited, token, _("There is no such invitation."))
    found = ImportInvitation.objects.filter(pk=UUID(pk)).first()
    if found is None:
        raise Stale(
            _("This invitation has ended. What we had about you is deleted."), subject=("import_invitation", pk)
        )
    return found


def claim_token(pk: UUID | str) -> str:
    return _claimed.sign(str(pk))


def claimable(token: str) -> Imported:
    """Return the imported registration of a link, with its account. Raises NotYours if forged, Stale once claimed."""
    pk = _named(_claimed, token, _("There is no such registration."))
    found = Imported.objects.select_related("registrant__user").filter(pk=UUID(pk)).first()
    if found is None:
        raise Stale(_("This registration is not in the registry any more."), subject=("registrant", pk))
    if found.claimed_at is not None:
        raise Stale(_("This registration was opened already. Please sign in."), subject=found.subject)
    return found


def _named(signer: Signer, token: str, sentence: str) -> str:
    try:
        return signer.unsign(token)
    except BadSignature:
        raise NotYours(sentence) from None
