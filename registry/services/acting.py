"""Who acts."""

from audit.actors import Actor, ActorKind
from registry.models import FootageRequest

LINK_ROLE = "link"


def link_actor(request: FootageRequest) -> Actor:
    """Return the holder of a request's link. The link names the request, so its id is the request's."""
    return Actor(ActorKind.LINK, str(request.pk), role=LINK_ROLE)
