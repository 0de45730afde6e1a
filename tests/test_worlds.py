"""A world that can't be made takes nothing with it."""

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.worlds import made_for_a_while


def test_a_world_that_fails_leaves_no_transaction_to_the_next(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with pytest.raises(ZeroDivisionError):
        next(made_for_a_while(lambda: 1 // 0, django_db_blocker))
    assert not connection.in_atomic_block
