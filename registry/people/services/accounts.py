"""Closing an account without a registration. A registrant leaves instead, with a receipt (promise R12)."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.queries import find_or_refuse
from registry import hooks
from registry.people.models import Registrant


def close(*, by: User) -> None:
    """Delete one's own account, its draft of a registration, and its unsent messages.

    Raises Refused for an account of the agency, Stale for somebody who has registered meanwhile, in another tab, and
    NotYours for an account that is closed already.
    """
    demand(by, Permission.OWN_REGISTRATION, subject=by.subject)
    with transaction.atomic():
        own = User.objects.select_for_update().filter(pk=by.pk)
        find_or_refuse(own, _("There is no such account."), subject=by.subject)
        if Registrant.objects.filter(user=by).exists():
            raise Stale(_("You are registered. Leaving the registry ends the account, too."), subject=by.subject)
        accounts.erase(account=by, by=by.actor)
        notifications.withdraw_to(address=by.email)
        for dependent in hooks.registrants:
            dependent.account_closed(by)
        record(event=Event.ACCOUNT_CLOSED, actor=by.actor, subject=by.subject)
