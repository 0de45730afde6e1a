"""Signed links in messages that stop a kind of mail. No link is stored."""

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import NotYours
from registry.access_log.selectors import Channel
from registry.registrants.models import Registrant

_signer = Signer(salt="registry.notices", sep=".")


def stop_token(registrant: str, channel: Channel) -> str:
    """Return the token by which a mail program stops one kind of mail to an owner (RFC 8058). Stored nowhere."""
    return _signer.sign(f"{registrant}.{channel}")


def stopped_by(token: str) -> tuple[Registrant, Channel]:
    """Return the owner and kind of mail of a token. Raises NotYours for a forged token or an unknown owner."""
    try:
        pk, _dot, channel = _signer.unsign(token).partition(".")
        return Registrant.objects.get(pk=pk), Channel(channel)
    except (BadSignature, Registrant.DoesNotExist):
        raise NotYours(_("There is no such registration.")) from None
