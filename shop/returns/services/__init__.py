"""Acts of returns."""
