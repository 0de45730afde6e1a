"""Models of the shop. Django looks for them here."""
# ruff: noqa: F401  (importing a module is what makes its tables known)

import shop.books.models
import shop.catalogue.models
import shop.connections.models
import shop.limits.models
import shop.orders.models.invoices
import shop.orders.models.orders
import shop.parcels.models
import shop.payments.models
import shop.returns.models
import shop.warranty.models
