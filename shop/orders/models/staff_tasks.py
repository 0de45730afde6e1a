from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.rows import Recorded, both_or_none
from shop.orders.models.orders import Order


class TaskKind(models.TextChoices):
    PAYMENT_DOUBT = "payment_doubt", _("A payment is not what was asked for")
    PAID_TWICE = "paid_twice", _("An order was paid twice and one payment goes back")
    PAID_LATE = "paid_late", _("An order was paid when nothing was left, and the payment goes back")
    REFUND_FAILED = "refund_failed", _("A refund failed")
    REFUND_EXTERNAL = "refund_external", _("A refund was made outside the portal")
    RENEWAL_STUCK = "renewal_stuck", _("The next year of a CORE can't be announced")
    UNKNOWN_OBJECT = "unknown_object", _("The payment service told of something that is not in the books")
    DIFFERENCE = "difference", _("The books and the payment service differ")
    INVOICE_OVERDUE = "invoice_overdue", _("An invoice was not paid a month after its day")
    OLD_UNIT_LATE = "old_unit_late", _("An old CORE did not come back in time")


class ShopTask(Recorded):
    """A task for staff. about: the id of its subject. Of one kind about one thing at most one is open."""

    subject_kind = "shop_task"

    kind = models.CharField(max_length=20, choices=TaskKind)
    about = models.CharField(max_length=255)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    facts: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    done_by = staff_key()
    done_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("what was done"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="shop_task_kind_in_list", condition=Q(kind__in=TaskKind.values)),
            both_or_none("shop_task_done_pair", "done_by", "done_at"),
            models.UniqueConstraint(fields=["kind", "about"], name="shop_task_once", condition=Q(done_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
