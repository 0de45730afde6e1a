"""Questions to the database about incidents."""
