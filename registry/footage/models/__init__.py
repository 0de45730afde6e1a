"""Tables of footage."""
