"""Who may do what in the shop, and what may be written."""
