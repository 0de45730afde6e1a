"""Acts of payments."""
