"""Pages of businesses."""
