"""Links in messages: one owner, one request, 10 days. No link is stored. The log names the holder who acts by one."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from audit.log.actors import Actor, ActorKind
from fusus_portal.ground.lifecycle import Other, Stale
from fusus_portal.ground.queries import find_or_refuse
from fusus_portal.ground.signed_links import SignedLink
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.policies.requests import must_be_valid, withdrawn_sentence

LINKS = SignedLink("registry.links", ">H16s")
"""A token holds a version (2 bytes) and the request's id (16 bytes). A withdrawn request takes the next version."""


@dataclass(frozen=True, slots=True)
class RequestLink:
    """A link that we made, working or not. request: with canvass, incident, type and registrant."""

    request: FootageRequest
    version: int

    def must_work(self) -> None:
        """Raise Stale, in the reader's language, for a link that is withdrawn, expired, or of a closed incident."""
        if self.version < self.request.version:
            raise Stale(withdrawn_sentence(), subject=self.request.subject)
        must_be_valid(self.request)


def token_for(request: FootageRequest) -> str:
    """Return the token of a request's link: 51 letters, digits, - and _ (no padding)."""
    return LINKS.token(request.version, request.pk.bytes)


def request_of(token: str) -> FootageRequest:
    """Return the request of a working link. Raises NotYours, and Stale for a link that works no longer."""
    link = link_of(token)
    link.must_work()
    return link.request


def link_of(token: str) -> RequestLink:
    """Return the link of a token. Raises NotYours for a forged token or an unknown request."""
    sentence = _("There is no such request.")
    version, pk = LINKS.read(token, sentence)
    rows = FootageRequest.objects.select_related("canvass__sent_by", "canvass__purpose", "incident__type")
    known = rows.select_related("registrant__user").filter(pk=UUID(bytes=pk), version__gte=version)
    return RequestLink(find_or_refuse(known, sentence), version)


def link_actor(request: FootageRequest) -> Actor:
    """Return the holder of a request's link. Its id is the request's."""
    return Actor(ActorKind.LINK, str(request.pk), role=Other.LINK)
