"""Database roles, the guard of sealed tables, and migrations as the owner."""
