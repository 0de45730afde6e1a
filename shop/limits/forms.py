from fusus_portal.ground.agency.steps import BoundedForm
from shop.limits.models import BOUNDS, ShopLimits


class ShopLimitsForm(BoundedForm):
    bounds = BOUNDS

    class Meta:
        model = ShopLimits
        fields = tuple(BOUNDS)
