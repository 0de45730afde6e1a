"""gateway of payments."""
