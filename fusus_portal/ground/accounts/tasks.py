from celery import shared_task
from django.utils import timezone

from fusus_portal.ground.access.session_rows import SessionStore
from fusus_portal.ground.accounts.models import task_actor
from fusus_portal.ground.accounts.services import accounts, role_changes, suspensions

DAILY_ROUND = task_actor("accounts.daily_round")


SUSPENSION_ROUND = task_actor("accounts.end_suspensions")


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Delete ended sessions; some hold the e-mail address of an unfinished registration."""
    SessionStore.clear_expired()


@shared_task(name="accounts.end_suspensions")
def end_suspensions() -> int:
    return suspensions.end_due(now=timezone.now(), by=SUSPENSION_ROUND)


@shared_task(name="accounts.daily_round")
def daily_round() -> dict[str, int]:
    now = timezone.now()
    return {
        "disabled": accounts.disable_unused(now=now, by=DAILY_ROUND),
        "unconfirmed": accounts.delete_old_unconfirmed(now=now, by=DAILY_ROUND),
        "expired": role_changes.expire_due(now=now, by=DAILY_ROUND),
    }
