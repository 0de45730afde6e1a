"""Pages of residents and businesses."""
