"""Questions to the database of payments."""
