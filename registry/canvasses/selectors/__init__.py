"""Questions to the database about canvasses."""
