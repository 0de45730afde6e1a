"""Messages as mail."""
