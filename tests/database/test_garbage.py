"""Python searches for no garbage during a piece, and does again after it, however it ends."""

import gc
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from fusus_portal.ground.memory import uncollected
from tests.registry.imports.import_files import imported, line, undone


def test_the_search_waits_for_the_end() -> None:
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="lost"), uncollected():
        raise ValueError("lost")
    assert gc.isenabled()


@pytest.mark.django_db
def test_pieces_of_an_import_are_brought_in_and_taken_out_without_it() -> None:
    searched: dict[str, bool] = {}

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        searched[" ".join(sql.split()[:3])] = gc.isenabled()
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        undone(imported([line(1)]))
    assert searched['INSERT INTO "registry_camera"'] is False
    assert searched['DELETE FROM "registry_camera"'] is False
    assert gc.isenabled()
