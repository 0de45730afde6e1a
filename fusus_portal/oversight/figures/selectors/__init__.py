"""The log counted, and what the public is shown of it."""
