"""Pages of other counties."""
