"""Orders: carts, checkout, taxes, purchase orders, invoices."""
