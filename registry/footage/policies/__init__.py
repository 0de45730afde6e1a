"""Rules of footage."""
