"""Questions to the database of orders."""
