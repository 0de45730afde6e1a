"""Questions to the database of books."""
