"""Links in messages: one owner, one request, 10 days. Nothing about them is stored. Who acts by one is in the log.

A token is base64url of version (2 bytes), the request's id (16 bytes) and the first 20 bytes of
HMAC-SHA-256 over both, keyed with SECRET_KEY. A request that is withdrawn takes the next version.
"""

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from uuid import UUID

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from audit.log.actors import Actor, ActorKind
from fusus_portal.ground.lifecycle import NotYours, Stale
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.policies.requests import must_be_valid, withdrawn_sentence

SALT = "registry.links"
MAC_BYTES = 20
SIGNED = struct.Struct(">H16s")
LINK_ROLE = "link"


@dataclass(frozen=True, slots=True)
class RequestLink:
    """A link that we made, whether it still works or not. request: with canvass, incident, type and registrant."""

    request: FootageRequest
    version: int

    def must_work(self) -> None:
        """Raise Stale, in the reader's language, for one withdrawn, expired, or of a closed incident."""
        if self.version < self.request.version:
            raise Stale(withdrawn_sentence(), subject=self.request.subject)
        must_be_valid(self.request)


def token_for(request: FootageRequest) -> str:
    """Return the token of a request's link: 51 letters, digits, - and _ (no padding)."""
    signed = SIGNED.pack(request.version, request.pk.bytes)
    return base64.urlsafe_b64encode(signed + _mac(signed)).decode().rstrip("=")


def request_of(token: str) -> FootageRequest:
    """Return the request of a link that works. Changes nothing. Raises NotYours, and Stale for one that does not."""
    link = link_of(token)
    link.must_work()
    return link.request


def link_of(token: str) -> RequestLink:
    """Return what a link names. Raises NotYours for a token that is forged or of nothing."""
    version, pk = _read(token)
    request = (
        FootageRequest.objects.filter(pk=pk)
        .select_related("canvass__sent_by", "canvass__purpose", "incident__type", "registrant__user")
        .first()
    )
    if request is None or version > request.version:
        raise NotYours(_("There is no such request."))
    return RequestLink(request, version)


def link_actor(request: FootageRequest) -> Actor:
    """Return the holder of a request's link. The link names the request, so its id is the request's."""
    return Actor(ActorKind.LINK, str(request.pk), role=LINK_ROLE)


def _read(token: str) -> tuple[int, UUID]:
    try:
        decoded = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        signed, mac = decoded[: SIGNED.size], decoded[SIGNED.size :]
        version, pk = SIGNED.unpack(signed)
    except (binascii.Error, ValueError, struct.error) as error:
        raise NotYours(_("There is no such request.")) from error
    if not hmac.compare_digest(mac, _mac(signed)):
        raise NotYours(_("There is no such request."))
    return version, UUID(bytes=pk)


def _mac(signed: bytes) -> bytes:
    return salted_hmac(SALT, signed, algorithm="sha256").digest()[:MAC_BYTES]
