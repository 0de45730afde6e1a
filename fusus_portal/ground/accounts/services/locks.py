"""The lock of agency accounts after failed sign-ins (CJIS AC-7). Public accounts are never locked."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import SignInFailure, User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications


def hold(email: str) -> User | None:
    """Return the agency account with this address, its row locked until the transaction ends, or None.

    Held while a password or code is checked, so that parallel guesses are counted one by one. NO KEY: other rows may
    refer to it meanwhile, so a guesser does not block a deputy at work.
    """
    found = User.objects.select_for_update(no_key=True).filter(email=email.strip().lower(), role__in=AGENCY_ROLES)
    return found.first()


def hold_asker(pk: UUID | None) -> User | None:
    """Lock the asker of an act of two people before all other rows, so that role and account stay."""
    return User.objects.select_for_update(no_key=True).get(pk=pk) if pk else None


def hold_people(*pks: UUID | None) -> dict[UUID, User]:
    """Lock accounts in one order, before the rows of their acts. Limits of a person are counted under this lock."""
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=[pk for pk in pks if pk])
    return {each.pk: each for each in rows.order_by("pk")}


@transaction.atomic
def count_failure(*, account: User, by: Actor) -> bool:
    """Count a failed sign-in (in PostgreSQL); return True if it was the fifth in 15 minutes and locked the account."""
    now = timezone.now()
    SignInFailure.objects.filter(account=account, at__lte=now - settings.FAILURE_WINDOW).delete()
    SignInFailure.objects.create(account=account, at=now)
    if account.is_locked or account.sign_in_failures.count() < settings.FAILURES_BEFORE_LOCK:
        return False
    account.locked_at = now
    account.save(update_fields=["locked_at"])
    facts = {"failures": settings.FAILURES_BEFORE_LOCK}
    record(event=Event.ACCOUNT_LOCKED, actor=by, subject=account.subject, facts=facts)
    notifications.send(
        kind=MessageKind.ACCOUNT_LOCKED,
        to=account,
        about=account.subject,
        context={"locked_at": now.isoformat()},
    )
    return True
