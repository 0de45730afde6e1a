from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from integration.live.models import ViewGrant
from integration.live.states import GrantState


def may_stop(by: User, view: ViewGrant) -> None:
    """Raise Refused unless the person is a supervisor, and the view another's: one's own needs no reason to end."""
    demand(by, Permission.OVERSEE_LIVE, subject=view.subject)
    if by.pk == view.deputy_id:
        raise Refused(_("This view is your own. End it on the page that shows it."), subject=view.subject)


def must_run(view: ViewGrant | None, *, of: ViewGrant) -> ViewGrant:
    """Return a running view. Raises Stale for one that has ended. of: the view that was asked about."""
    if view is None or view.state != GrantState.RUNNING:
        raise Stale(_("This view is over."), subject=of.subject)
    return view
