"""Who acts."""

from audit.actors import Actor, ActorKind
from fusus_portal.accounts.models import User
from registry.models import FootageRequest

TASK_ROLE = "task"
LINK_ROLE = "link"


def actor_of(by: User | Actor) -> Actor:
    """Return the actor of a signed-in person; an actor is returned as it is."""
    return by if isinstance(by, Actor) else by.actor


def link_actor(request: FootageRequest) -> Actor:
    """Return the holder of a request's link. The link names the request, so its id is the request's."""
    return Actor(ActorKind.LINK, str(request.pk), role=LINK_ROLE)


def task_actor(name: str) -> Actor:
    """Return the actor of a task."""
    return Actor(ActorKind.TASK, name, role=TASK_ROLE)
