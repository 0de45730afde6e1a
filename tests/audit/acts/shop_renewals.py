"""Acts about further years, and the card that is charged for them."""

from audit.events import Event
from shop.gateway.answers import Declined
from shop.models import CardOnFile, Order
from shop.services import (
    announcing,
    charging,
    lapsing,
    payment_methods,
    renewal_news,
    renewal_orders,
    renewing,
    saved_cards,
)
from tests.audit.acts import NO_ENTRY, Act, calls, name_of
from tests.integration.devices import owner_of
from tests.shop.orders import BACK, gateway, pdf
from tests.shop.renewed import MONTH, announced, lapsed, of, on_day, order_core, owing
from tests.shop.returned import bought
