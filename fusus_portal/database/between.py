"""The connection to the database between two uses."""

from django.db import connection


def give_back() -> None:
    """Give this thread's connection back, unless a transaction needs it: what comes next may take an hour."""
    if not connection.in_atomic_block:
        connection.close()
