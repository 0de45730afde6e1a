"""Forms of places."""
