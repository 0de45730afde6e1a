"""Questions to the database of catalogue."""
