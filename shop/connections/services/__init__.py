"""Acts of connections."""
