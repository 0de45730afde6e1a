"""What the clock does to accounts."""

from celery import shared_task
from django.utils import timezone

from fusus_portal.ground.access.session_rows import SessionStore
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.services import accounts, role_changes, suspensions, unconfirmed

DAILY_ROUND = task_actor("accounts.daily_round")


SUSPENSION_ROUND = task_actor("accounts.end_suspensions")


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Delete sessions that have ended: some hold the address of a person who began to register."""
    SessionStore.clear_expired()


@shared_task(name="accounts.end_suspensions")
def end_suspensions() -> int:
    """Give back the accounts whose suspension nobody confirmed within a day; return how many."""
    return suspensions.end_due(now=timezone.now(), by=SUSPENSION_ROUND)


@shared_task(name="accounts.daily_round")
def daily_round() -> dict[str, int]:
    """Disable agency accounts that are unused for 90 days, and expire changes at the end of their time.

    Accounts whose address was not confirmed within 24 hours are deleted.
    """
    now = timezone.now()
    return {
        "disabled": accounts.disable_unused(now=now, by=DAILY_ROUND),
        "unconfirmed": unconfirmed.delete_old(now=now, by=DAILY_ROUND),
        "expired": role_changes.expire_due(now=now, by=DAILY_ROUND),
    }
