"""Acts of the console. Each is an entry."""
