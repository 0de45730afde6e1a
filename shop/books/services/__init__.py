"""Acts of books."""
