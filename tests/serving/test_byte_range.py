"""The bytes that a Range header asks for."""

import pytest
from hypothesis import given, strategies as st

from fusus_portal.ground.serving.byte_range import ByteRange, Unsatisfiable, parse_range


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 0)),
        ("bytes=0-", (0, 999)),
        ("bytes=200-299", (200, 299)),
        ("bytes=900-5000", (900, 999)),
        ("bytes=-1", (999, 999)),
        ("bytes=-5000", (0, 999)),
        ("bytes= 5-6 ", (5, 6)),
    ],
)
def test_it_reads_one_range(header: str, expected: tuple[int, int]) -> None:
    assert parse_range(header, 1000) == ByteRange(*expected, 1000)


@pytest.mark.parametrize(
    "header", ["", "bytes=-", "lines=0-1", "bytes=9-3", "bytes=0-1,5-6", "bytes=a-b", "0-1", f"bytes={'9' * 5000}-"]
)
def test_it_ignores_what_it_need_not_understand(header: str) -> None:
    assert parse_range(header, 1000) is None


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=1000-", 1000), ("bytes=-0", 1000), ("bytes=0-", 0), ("bytes=-4", 0)]
)
def test_it_refuses_a_range_behind_the_end(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        parse_range(header, size)


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(1, 10**12))
def test_what_it_returns_lies_in_the_file(first: int, length: int, size: int) -> None:
    try:
        found = parse_range(f"bytes={first}-{first + length}", size)
    except Unsatisfiable:
        assert first >= size
        return
    assert found is not None
    assert 0 <= found.first <= found.last < size
    assert found.length == min(length + 1, size - first)
    assert found.header == f"bytes {found.first}-{found.last}/{size}"
