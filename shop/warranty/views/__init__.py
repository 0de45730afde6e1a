"""Pages of the warranty."""
