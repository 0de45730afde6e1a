"""Tasks for staff: what no rule can decide."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from shop.catalogue.policies import check_text
from shop.orders.models.orders import Order
from shop.orders.models.staff_tasks import ShopTask, TaskKind


def open_task(*, kind: TaskKind, about: str, facts: dict[str, int | str], order: Order | None = None) -> None:
    """Open a task, inside the caller's transaction. Of one kind about one thing at most one is open."""
    task = ShopTask(kind=kind, about=about, order=order, facts=facts)
    ShopTask.objects.bulk_create([task], ignore_conflicts=True)


def settle(*, task: ShopTask, by: User, note: str) -> ShopTask:
    """Record what was done. Raises Refused, Stale, ValidationError on "note"."""
    demand(by, Permission.FULFILMENT, subject=task.subject)
    with transaction.atomic():
        locked = ShopTask.objects.select_for_update(no_key=True).get(pk=task.pk)
        if locked.done_at is not None:
            raise Stale(_("Somebody has settled this already."), subject=locked.subject)
        return _done(locked, by, check_text("note", note, longest=200))


def settle_by_act(*, kind: TaskKind, about: str, by: User, note: str) -> None:
    """Settle the open task of a kind about one thing, inside the transaction of the act that settles it."""
    for task in ShopTask.objects.select_for_update(no_key=True).filter(kind=kind, about=about, done_at__isnull=True):
        _done(task, by, note)


def _done(task: ShopTask, by: User, note: str) -> ShopTask:
    task.note, task.done_by, task.done_at = note, by, timezone.now()
    task.save(update_fields=["note", "done_by", "done_at"])
    record(event=Event.SHOP_TASK_DONE, actor=by.actor, subject=task.subject, facts={"kind": task.kind}, reason=note)
    return task
