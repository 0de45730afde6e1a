"""Cells of any kind: a row is right, or it is said what is wrong; nothing else ever happens."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from registry.imports.parser.columns import Field, Problem
from registry.imports.parser.rows import ImportRow, parse
from registry.places.policies import WAYS_IN
from registry.rules import CAMERAS_IN_A_ROW
from tests.registry.imports.import_files import line

COLUMNS = {field.value: place for place, field in enumerate(Field)}
TODAY = date(2026, 3, 4)


def parsed(**changes: object) -> tuple[ImportRow | None, list[str]]:
    cells = [str(line(1, **changes).get(field.value, "")) for field in Field]
    row, notes = parse(2, cells, columns=COLUMNS, width=len(Field), points="pinned", today=TODAY)
    return row, [str(note.problem) for note in notes]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-05-17", date(2024, 5, 17)),
        ("05/17/2024", date(2024, 5, 17)),
        ("5/7/2024", date(2024, 5, 7)),
        ("2024-05-17T10:00:00Z", date(2024, 5, 17)),
        ("2026-03-04", TODAY),
        ("2026-03-05", None),
        ("1999-12-31", None),
        ("17.5.24", None),
        ("2024-02-30", None),
    ],
)
def test_a_day_of_consent_is_one_that_can_be_right(written: str, day: date | None) -> None:
    row, problems = parsed(consent_date=written)
    assert row is not None
    assert row.consent_on == day
    assert problems == ([] if day else ["consent_date"])


def test_day_and_source_are_both_needed() -> None:
    for changes in ({"consent_source": ""}, {"consent_date": ""}):
        row, problems = parsed(**changes)
        assert row is not None
        assert (row.consent_on, row.consent_source, problems) == (None, "", ["consent_missing"])


def test_cameras_are_numbered() -> None:
    row, _problems = parsed(camera="Lot", cameras="3")
    assert row is not None
    assert [camera.name for camera in row.cameras] == ["Lot 1", "Lot 2", "Lot 3"]
    assert parsed(cameras="0")[0].cameras == ()  # type: ignore[union-attr]
    for wrong in ("-1", "1.5", "many", "9999999", "٣"):
        assert parsed(cameras=wrong) == (None, ["cameras"])


def test_an_address_of_a_camera_s_video_is_refused() -> None:
    assert parsed(covers="see http://admin:pw@10.0.0.7/") == (None, ["way_in"])


def test_another_number_of_cells_is_an_error() -> None:
    assert parse(2, ["a"], columns=COLUMNS, width=len(Field), points="pinned", today=TODAY)[0] is None
    extra = [*(str(line(1).get(field.value, "")) for field in Field), "", " "]
    assert parse(2, extra, columns=COLUMNS, width=len(Field), points="pinned", today=TODAY)[0] is not None


@given(st.fixed_dictionaries({}, optional={field.value: st.text(max_size=150) for field in Field}))
def test_any_cells_are_a_row_or_get_a_problem(changes: dict[str, str]) -> None:
    row, problems = parsed(**changes)
    assert all(problem in Problem.values for problem in problems)
    if row is None:
        assert problems
        return
    texts = [row.name, row.phone, row.address.street, row.address.city, row.consent_source]
    texts += [text for camera in row.cameras for text in (camera.name, camera.kind, camera.make, camera.covers)]
    assert row.name
    assert len(row.cameras) <= CAMERAS_IN_A_ROW
    assert not any("\0" in text or WAYS_IN.search(text) for text in texts)
    assert all(text.encode() is not None for text in texts)
