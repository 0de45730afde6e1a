"""Acts of catalogue."""
