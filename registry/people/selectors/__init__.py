"""Questions to the database about people."""
