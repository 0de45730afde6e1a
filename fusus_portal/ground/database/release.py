from django.db import connection


def give_back() -> None:
    """Give this thread's connection back to the pool before slow work. Raises RuntimeError inside a transaction."""
    around = connection.atomic_blocks
    if not around:
        connection.close()
    elif not getattr(around[-1], "_from_testcase", False):  # as Django itself asks for `atomic(durable=True)`
        raise RuntimeError("Work that takes seconds comes before the transaction, not inside it.")
