"""Streets and addresses: loaded, found, drawn."""
