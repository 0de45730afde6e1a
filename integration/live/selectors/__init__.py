"""Questions to the database about live view."""
