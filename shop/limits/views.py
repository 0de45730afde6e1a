from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.access import FORM, SAFE, Permission, SignedInRequest, privileged, requires
from fusus_portal.ground.agency.steps import LimitPages
from shop.limits import forms, services
from shop.limits.models import ShopLimits

PAGES = LimitPages(
    model=ShopLimits,
    form=forms.ShopLimitsForm,
    change=services.change,
    address="shop_limits",
    title=_("Limits of the shop"),
    heading=_("What changed in the limits of the shop"),
    intro=_(
        "How much one order holds, and how much one person gives back alone. The ranges are fixed: no setting can "
        "pass them."
    ),
    kept=_("Nothing is saved yet. Orders that are placed and refunds that were asked for keep what they have."),
)


@privileged
@requires(Permission.ADMINISTER, FORM)
def shop_limits(request: SignedInRequest) -> HttpResponse:
    return PAGES.page(request)


@requires(Permission.ADMINISTER, SAFE)
def shop_limits_history(request: SignedInRequest) -> HttpResponse:
    return PAGES.history(request)
