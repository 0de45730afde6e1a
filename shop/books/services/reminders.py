"""Reminders of invoices on account and of old COREs that are due. They cut off and charge nothing."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.notifications.kinds import MessageKind
from shop.books import policies
from shop.books.models import Reminder, ReminderStep
from shop.orders import locks as order_locks
from shop.orders.models.invoices import Invoice
from shop.orders.models.staff_tasks import TaskKind
from shop.orders.selectors import money
from shop.orders.services import orders, staff_tasks
from shop.rules import OLD_UNIT_REMINDED_AFTER, REMINDED_AFTER
from shop.warranty import locks as warranty_locks
from shop.warranty import selectors
from shop.warranty.models import Claim
from shop.warranty.services import claims
from shop.warranty.states import ClaimState

REMINDER = "shop.remind_of_dues"
ACTOR = task_actor(REMINDER)


def remind_due() -> int:
    """Write each reminder whose day has come, once; return their number. Missed ones are skipped."""
    today = timezone.localdate()
    invoices = money.open_invoices().exclude(reminders__step=ReminderStep.LAST)
    claims = Claim.objects.filter(state=ClaimState.OLD_UNIT_DUE).exclude(reminders__step=ReminderStep.LATE)
    written = [_of_invoice(pk, order, today) for pk, order in list(invoices.values_list("pk", "order"))]
    written += [_of_claim(pk, today) for pk in list(claims.order_by("old_due_on").values_list("pk", flat=True))]
    return sum(written)


@transaction.atomic
def _of_invoice(pk: UUID, order: UUID, today: date) -> bool:
    locked = order_locks.order(order)
    invoice = Invoice.objects.get(pk=pk)
    owed = money.owed_of(locked)
    if owed <= 0 or invoice.due_on is None:
        return False
    written = _written(Reminder.objects.filter(invoice=invoice))
    step = policies.step_due(due_on=invoice.due_on, today=today, after=REMINDED_AFTER, written=written)
    if step is None:
        return False
    Reminder.objects.create(invoice=invoice, step=step)
    facts: dict[str, int | str] = {"number": invoice.printed_number, "step": step.value, "cents": owed}
    record(event=Event.INVOICE_REMINDED, actor=ACTOR, subject=invoice.subject, facts=facts)
    orders.write_to_buyer(locked, MessageKind.INVOICE_DUE, invoice=str(invoice.pk), cents=owed, step=step.value)
    if step == ReminderStep.LAST:
        task: dict[str, int | str] = {"invoice": invoice.printed_number, "cents": owed}
        staff_tasks.open_task(kind=TaskKind.INVOICE_OVERDUE, about=str(invoice.pk), order=locked, facts=task)
    return True


@transaction.atomic
def _of_claim(pk: UUID, today: date) -> bool:
    locked = warranty_locks.claim(pk)
    if locked.state != ClaimState.OLD_UNIT_DUE or locked.old_due_on is None:
        return False
    written = _written(Reminder.objects.filter(claim=locked))
    step = policies.step_due(due_on=locked.old_due_on, today=today, after=OLD_UNIT_REMINDED_AFTER, written=written)
    if step is None:
        return False
    Reminder.objects.create(claim=locked, step=step)
    facts: dict[str, int | str] = {"core": str(locked.core_id), "number": locked.number, "step": step.value}
    record(event=Event.CLAIM_REMINDED, actor=ACTOR, subject=locked.subject, facts=facts)
    claims.tell(locked)
    if step == ReminderStep.LATE:
        task: dict[str, int | str] = {"claim": locked.number, "cents": selectors.worth_of_old(locked)}
        staff_tasks.open_task(kind=TaskKind.OLD_UNIT_LATE, about=str(locked.pk), facts=task)
    return True


def _written(rows: QuerySet[Reminder]) -> dict[str, date]:
    return {row.step: timezone.localtime(row.sent_at).date() for row in rows}
