"""Giving a connection back in the middle of a request, before work that takes seconds and asks the database nothing."""

from django.db import connection


def give_back() -> None:
    """Give this thread's connection back to the pool before what takes long; the next query takes one again.

    Raises RuntimeError inside a transaction, which would hold it. The transaction around a test does not count.
    """
    around = connection.atomic_blocks
    if not around:
        connection.close()
    elif not getattr(around[-1], "_from_testcase", False):  # as Django itself asks for `atomic(durable=True)`
        raise RuntimeError("Work that takes seconds comes before the transaction, not inside it.")
