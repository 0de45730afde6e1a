"""Forms of footage."""
