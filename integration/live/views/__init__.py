"""Pages of live view."""
