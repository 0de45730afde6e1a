"""Questions to the database about returns."""
