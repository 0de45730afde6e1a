"""Unfinished registrations: kept for the person, who gets one reminder, and deleted after 30 days."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import Line, record, record_many
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter
from registry.people.models import Registrant, RegistrationDraft
from registry.rules import DRAFT_KEPT, DRAFT_REMIND_AFTER

REMINDER = "registry.remind_drafts"
EXPIRER = "registry.expire_drafts"
AT_ONCE = 500


def keep(*, by: User, step: str, typed: Any, forget: Iterable[str] = ()) -> RegistrationDraft:
    """Keep the values of one step, and forget other steps that no longer fit.

    Only the beginning is an entry: nothing is registered yet, and nobody else reads it. Raises Refused for the agency,
    Stale for somebody who has registered meanwhile, in another tab.
    """
    demand(by, Permission.OWN_REGISTRATION)
    with transaction.atomic():
        draft, begun = RegistrationDraft.objects.select_for_update().get_or_create(user=by)
        if Registrant.objects.filter(user=by).exists():
            raise Stale(_("You are already registered. Add places and cameras on your profile page."))
        kept = {name: value for name, value in draft.typed.items() if name not in set(forget)}
        draft.typed = {**kept, step: typed}
        draft.touched_at = timezone.now()
        draft.expires_at = draft.touched_at + DRAFT_KEPT
        draft.save(update_fields=["typed", "touched_at", "expires_at"])
        if begun:
            record(event=Event.DRAFT_BEGUN, actor=by.actor, subject=draft.subject)
    return draft


def start_over(*, by: User) -> None:
    with transaction.atomic():
        for draft in erase(user=by):
            record(event=Event.DRAFT_DISCARDED, actor=by.actor, subject=draft.subject)


def erase(*, user: User) -> Sequence[RegistrationDraft]:
    """Delete the draft of an account, inside the act that ends it; return it in a list."""
    drafts = list(RegistrationDraft.objects.select_for_update().filter(user=user))
    _delete(drafts)
    return drafts


def remind_due() -> int:
    """Remind each person once, after a day without progress; return the number of messages."""
    return sum(iter(_remind_batch, 0))


def expire_due() -> int:
    """Delete the drafts that nobody continued for 30 days, in batches; return how many."""
    return sum(iter(_expire_batch, 0))


@transaction.atomic
def _remind_batch() -> int:
    now = timezone.now()
    rows = RegistrationDraft.objects.select_for_update(of=("self",), skip_locked=True).select_related("user")
    waiting = rows.filter(reminded_at__isnull=True, touched_at__lte=now - DRAFT_REMIND_AFTER, expires_at__gt=now)
    drafts = list(waiting.filter(user__is_active=True).order_by("touched_at", "pk")[:AT_ONCE])
    RegistrationDraft.objects.filter(pk__in=[draft.pk for draft in drafts]).update(reminded_at=now)
    _record(Event.DRAFT_REMINDED, REMINDER, drafts)
    notifications.send_many(
        kind=MessageKind.REGISTRATION_UNFINISHED,
        letters=[
            Letter(
                draft.user,
                draft.subject,
                {"begun_at": draft.begun_at.isoformat(), "kept_until": draft.expires_at.isoformat()},
            )
            for draft in drafts
        ],
    )
    return len(drafts)


@transaction.atomic
def _expire_batch() -> int:
    rows = RegistrationDraft.objects.select_for_update(skip_locked=True)
    drafts = list(rows.filter(expires_at__lte=timezone.now()).order_by("expires_at", "pk")[:AT_ONCE])
    _record(Event.DRAFT_EXPIRED, EXPIRER, drafts)
    _delete(drafts)
    return len(drafts)


def _record(event: Event, task: str, drafts: Sequence[RegistrationDraft]) -> None:
    if drafts:
        record_many(event=event, actor=task_actor(task), lines=[Line(draft.subject) for draft in drafts])


def _delete(drafts: Sequence[RegistrationDraft]) -> None:
    notifications.withdraw_many(subjects=[draft.subject for draft in drafts])
    RegistrationDraft.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
