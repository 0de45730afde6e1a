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
    """Return the agency account with this address, its row locked until the transaction ends; None without one.

    Whoever checks a password or code holds the row meanwhile, so that many guesses at once are counted one by one.
    Rows that refer to the account are written meanwhile: a guesser must not hold up a deputy at work.
    """
    found = User.objects.select_for_update(no_key=True).filter(email=email.strip().lower(), role__in=AGENCY_ROLES)
    return found.first()


def hold_asker(pk: UUID | None) -> User | None:
    """Return whoever asked for what a second person is about to allow, their row locked before all others.

    So they can't lose role or account meanwhile. None where nobody asked.
    """
    return User.objects.select_for_update(no_key=True).get(pk=pk) if pk else None


def hold_people(*pks: UUID | None) -> dict[UUID, User]:
    """Return these people, their rows locked in one order for all, before those of what they do. None is nobody.

    What is counted for a person, over all that they do, is counted while their row is held.
    """
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=[pk for pk in pks if pk])
    return {each.pk: each for each in rows.order_by("pk")}


@transaction.atomic
def count_failure(*, account: User, by: Actor) -> bool:
    """Count one failed sign-in of an agency account; return whether it locked the account.

    Five in fifteen minutes lock it until two administrators release it. The count is in PostgreSQL:
    where it can't be kept, the caller's sign-in fails with it.
    """
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
