from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.queries import find_or_refuse
from shop.orders.models.taxes import TaxRate


def tax_rates() -> QuerySet[TaxRate]:
    return TaxRate.objects.order_by("state_code", "zip_prefix", "tax_code", "-starts_on")


def tax_rate(pk: UUID) -> TaxRate:
    return find_or_refuse(TaxRate.objects.filter(pk=pk), _("There is no such tax rate."), subject=("tax_rate", str(pk)))
