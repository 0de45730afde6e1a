"""A playlist or a piece of video is handed out: the gate is asked, and the entry of a new minute is committed first."""

from uuid import UUID

from django.db import DatabaseError

from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import Stale
from integration.models import ViewGrant
from integration.policies import viewing as policy
from integration.services import gate, views
from integration.services.gate import Look


def ask(*, grant: UUID, user: User, session: bytes, network: str) -> Look:
    """Return whether something may be handed out for a view now. Raises NotYours for another's.

    When a minute begins, its entry is committed before this returns. If it can't be written, nothing is handed out.
    """
    look = gate.look(grant=grant, user=user, session=session, network=network)
    if not look.begins_minute:
        return look
    try:
        views.watch(grant=ViewGrant(pk=grant))
    except Stale:
        return Look(policy.failed("running"))
    except DatabaseError:
        return Look(policy.failed(policy.UNKNOWN.name), is_away=True)
    return look
