"""Questions to the database of returns."""
