"""The form of the limits of the shop."""

from fusus_portal.ground.agency.forms.limits import BoundedForm
from shop.limits.models import BOUNDS, ShopLimits


class ShopLimitsForm(BoundedForm):
    """The limits of the shop."""

    bounds = BOUNDS

    class Meta:
        model = ShopLimits
        fields = tuple(BOUNDS)
