"""Forms of other counties."""
