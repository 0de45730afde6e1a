"""Acts of warranty."""
