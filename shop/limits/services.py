from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import services as agency
from shop.limits.models import ShopLimits


def change(*, by: User, revision: int, **values: int) -> ShopLimits:
    """Change the limits of the shop. Raises as `fusus_portal.ground.agency.services.change_one_row`."""
    return agency.change_one_row(
        model=ShopLimits, by=by, revision=revision, values=values, event=Event.SHOP_LIMITS_CHANGED
    )
