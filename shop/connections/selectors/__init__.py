"""Questions to the database about connections."""
