"""Questions to the database about the access log."""
