"""Questions to the database about the books."""
