from fusus_portal.ground.agency.forms.limits import BoundedForm
from shop.limits.models import BOUNDS, ShopLimits


class ShopLimitsForm(BoundedForm):
    bounds = BOUNDS

    class Meta:
        model = ShopLimits
        fields = tuple(BOUNDS)
