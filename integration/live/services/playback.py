"""A playlist or a piece of video is handed out: the gate is asked, and the entry of a new minute is committed first."""

from uuid import UUID

from django.db import DatabaseError

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from integration.live.models import ViewGrant
from integration.live.policies import gate as gate_policies
from integration.live.services import gate as gate_services
from integration.live.services import views
from integration.live.services.gate import Look


def ask(*, grant: UUID, user: User, session: bytes, network: str) -> Look:
    """Return whether something may be handed out for a view now. Raises NotYours for another's.

    When a minute begins, its entry is committed before this returns. If it can't be written, nothing is handed out.
    """
    look = gate_services.look(grant=grant, user=user, session=session, network=network)
    if not look.begins_minute:
        return look
    try:
        views.watch(grant=ViewGrant(pk=grant))
    except Stale:
        return Look(gate_policies.failed("running"))
    except DatabaseError:
        return Look(gate_policies.failed(gate_policies.UNKNOWN.name), is_away=True)
    return look
