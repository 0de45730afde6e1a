"""Finding by number: what is typed, and what it leads to."""
