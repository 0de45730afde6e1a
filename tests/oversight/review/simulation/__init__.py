"""A county at work for a year, on a database server whose clock is led: entries take the server's time."""
