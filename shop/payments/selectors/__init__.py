"""Questions to the database about payments."""
