from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.queries import find_or_refuse
from shop.books.models import Reconciliation
from shop.orders.models.staff_tasks import ShopTask

MOST_RUNS = 10


def open_tasks() -> QuerySet[ShopTask]:
    return ShopTask.objects.filter(done_at__isnull=True).select_related("order").order_by("opened_at", "pk")


def task(pk: UUID) -> ShopTask:
    """Return a task. Raises NotYours."""
    rows = ShopTask.objects.filter(pk=pk).select_related("order")
    return find_or_refuse(rows, _("There is no such task."), subject=("shop_task", str(pk)))


def runs() -> list[Reconciliation]:
    return list(Reconciliation.objects.select_related("clerk").order_by("-asked_at")[:MOST_RUNS])
