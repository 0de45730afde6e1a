from audit.log.actors import Actor, ActorKind
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Other


def actor_of(by: User | Actor) -> Actor:
    """Return the actor of an account; an Actor is returned unchanged."""
    return by if isinstance(by, Actor) else by.actor


def task_actor(name: str) -> Actor:
    return Actor(ActorKind.TASK, name, role=Other.TASK)
