from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import PUBLIC_ROLES


def make_room(*, email: str, by: Actor) -> bool:
    """Delete an unconfirmed account with this address; return True if there was one."""
    with transaction.atomic():
        return _delete(_unconfirmed().filter(email=email.strip().lower()), by) > 0


def delete_old(*, now: datetime, by: Actor) -> int:
    """Delete accounts that were not confirmed in time (24 hours); return their number."""
    late = _unconfirmed().filter(joined_at__lt=now - settings.UNCONFIRMED_LIMIT)
    deleted = 0
    for pk in list(late.values_list("pk", flat=True)):
        with transaction.atomic():
            deleted += _delete(late.filter(pk=pk), by)
    return deleted


def _unconfirmed() -> QuerySet[User]:
    """Return public accounts never signed in to and never confirmed. An imported account waits for its owner."""
    own = EmailAddress.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(own),
        ~Exists(own.filter(verified=True)),
        role__in=PUBLIC_ROLES,
        last_login__isnull=True,
        registrant__isnull=True,
    )


def _delete(accounts: QuerySet[User], by: Actor) -> int:
    """Delete accounts, locked with their addresses first: one that is confirmed at this instant stays."""
    held = [account.pk for account in accounts.select_for_update(of=("self",))]
    list(EmailAddress.objects.select_for_update().filter(user__in=held))
    still = list(accounts.filter(pk__in=held))
    for account in still:
        record(event=Event.ACCOUNT_DELETED, actor=by, subject=account.subject, facts={"why": "unconfirmed"})
        account.delete()
    return len(still)
