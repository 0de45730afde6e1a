"""A supervisor ends somebody else's view and says why. The page that shows it says so, and so does the owner's mail.

It takes this one view away and no right: whoever should see nothing more of an incident is taken off it, which ends
their views too.
"""

from django.db import transaction

from fusus_portal.ground.accounts.models import User
from integration.critical.policies import reasons
from integration.live import locks
from integration.live.models import GrantEnd, ViewGrant
from integration.live.policies import oversight
from integration.live.policies.gate import TAKEN
from integration.live.services import view_ends
from registry.incidents import locks as incident_locks


def stop(*, grant: ViewGrant, by: User, reason: str) -> ViewGrant:
    """End another's view at once, as a supervisor, with the reason in its entry.

    Raises Refused for anybody else and for one's own view, Stale when it is over, ValidationError on "reason".
    """
    with transaction.atomic():
        incident = incident_locks.incident(grant.incident_id)
        oversight.may_stop(by, grant)
        view = oversight.must_run(next(iter(locks.running_views([grant.pk])), None), of=grant)
        tidy = reasons.check(reason, incident=incident, known=[view.reason, *view.further_reasons])
        view_ends.end([view], actor=by.actor, how=GrantEnd.TAKEN, condition=TAKEN.name, reason=tidy)
    return view
