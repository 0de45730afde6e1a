"""Pages of the shop, and the address that the payment service calls."""
