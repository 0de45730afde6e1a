"""Acts of orders."""
