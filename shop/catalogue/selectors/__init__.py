"""Questions to the database about the catalogue."""
