"""Hook of integration: `extensions` of live view answers it."""

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured

from audit.log.actors import Actor
from fusus_portal.ground.accounts.followers import account_followers
from fusus_portal.ground.hooks import Hook


class PermissionChanged(Protocol):
    """Call after a change that the gate depends on: a CORE, agreement, rule or declaration, or a person at work."""

    def __call__(
        self,
        *,
        actor: Actor,
        cameras: Iterable[UUID] | None = None,
        registrant: UUID | None = None,
        incident: UUID | None = None,
        deputy: UUID | None = None,
    ) -> None:
        """End the views that the gate refuses from now on, inside the act that changed the gate's answer.

        cameras: ids in the registry. deputy: id of the viewer. None: any. Call it after the act has saved, and before
        it writes entries about cameras: locks on views come before locks on the cameras' counters.
        """


permission_changed = Hook[PermissionChanged]("integration.hooks.permission_changed")
"""Live view answers this. Without an answer the portal does not start: views would continue after sharing ended."""

LIVE = "live"


def must_be_answered() -> None:
    _ = permission_changed.answer
    if LIVE not in {follower.name for follower in account_followers}:
        raise ImproperlyConfigured("Nobody ends the views of an account that may do less.")
