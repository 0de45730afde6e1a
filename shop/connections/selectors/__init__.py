"""Questions to the database of connections."""
