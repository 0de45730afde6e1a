"""Questions to the database about orders."""
