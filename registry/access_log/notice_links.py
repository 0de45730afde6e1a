"""The link by which a mail program stops a kind of mail (RFC 8058). Derived when a mail is written, stored nowhere."""

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import NotYours
from registry.access_log.selectors.notices import Channel
from registry.people.models import Registrant

_signer = Signer(salt="registry.notices", sep=".")


def token_for(registrant: str, channel: Channel) -> str:
    """Return the token of a link: whose mails, and which of them."""
    return _signer.sign(f"{registrant}.{channel}")


def meant_by(token: str) -> tuple[Registrant, Channel]:
    """Return whose mails a link stops, and which. Raises NotYours for a token that we did not make, or of nobody."""
    try:
        pk, _dot, channel = _signer.unsign(token).partition(".")
        return Registrant.objects.get(pk=pk), Channel(channel)
    except (BadSignature, Registrant.DoesNotExist):
        raise NotYours(_("There is no such registration.")) from None
