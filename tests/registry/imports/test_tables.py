"""Files of every kind: a table is read, and any other file gets a sentence that says where and why."""

import json

import pytest
from hypothesis import given, strategies as st

from fusus_portal.ground.tables import harmless, unharmed
from registry.imports.parser.columns import Field, guess_columns
from registry.imports.parser.tables import Encoding, UnreadableTable, read
from registry.rules import IMPORT_ROWS


def rows_of(content: bytes, encoding: str = Encoding.UTF_8) -> list[tuple[int, list[str]]]:
    return list(read(content, encoding=encoding).rows)


def sentence_of(content: bytes, encoding: str = Encoding.UTF_8) -> str:
    with pytest.raises(UnreadableTable) as refused:
        rows_of(content, encoding)
    return str(refused.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_seen(delimiter: str) -> None:
    text = f'name{delimiter}"e-mail, or none"\nAna{delimiter}ana@old.example\n'
    table = read(text.encode())
    assert table.header == ["name", "e-mail, or none"]
    assert list(table.rows) == [(2, ["Ana", "ana@old.example"])]


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert read(b"\xef\xbb\xbfname,email\nAna,a@b.example\n").header == ["name", "email"]


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    assert rows_of(b'name,email\n\n"Ana\nMaria",a@b.example\nBo,b@b.example\n') == [
        (3, ["Ana\nMaria", "a@b.example"]),
        (4, ["Bo", "b@b.example"]),
    ]


def test_windows_1252_is_read_when_it_is_said() -> None:
    content = "name,email\nPeña,p@b.example\n".encode("cp1252")
    assert "Row 2 is not UTF-8: F1, byte 14 of the file" in sentence_of(content)
    assert "Windows-1252" in sentence_of(content)
    assert rows_of(content, Encoding.WINDOWS) == [(2, ["Peña", "p@b.example"])]
    assert "Row 2 is not Windows-1252: 81" in sentence_of(b"name,email\n\x81,a\n", Encoding.WINDOWS)


def test_utf_8_is_not_read_as_windows_1252_with_garbled_names() -> None:
    content = "name,email\nPeña,p@b.example\n".encode()
    assert "written in UTF-8" in sentence_of(content, Encoding.WINDOWS)
    assert rows_of(b"name,email\nAna,p@b.example\n", Encoding.WINDOWS) == [(2, ["Ana", "p@b.example"])]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"name,email\n", "no row below"),
        (b"name,email\nA\0na,a@b.example\n", "Row 2 holds a zero byte (byte 13 of the file)"),
        ("name,email\nAna,a@b.example\n".encode("utf-16"), "UTF-16"),
        (b"Ana Rivera,ana@old.example\nBo,bo@old.example\n", "looks like data"),
        (b"1,2,3\n4,5,6\n", "looks like data"),
        (b"only one column\nAna\n", "only one was found"),
        (b"name,Name,email\nA,B,c@d.example\n", "the same name: name"),
        (b'name,email\n"Ana,a@b.example\nBo,b@b.example\n', "Row 2 can't be read"),
        (b'name,email\nAna,"a" b\n', "Row 2 can't be read (line 2): a quotation mark"),
        ((",".join(f"column {n}" for n in range(300)) + "\n").encode(), "300 columns; at most 100"),
        (b'{"type": "FeatureCollection", "features": [', "not valid GeoJSON"),
        (b"{}", "FeatureCollection"),
        (b"[1, 2]", "FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": [1]}', "FeatureCollection"),
        (b"[" * 100_000, "not valid GeoJSON"),
        (b'{"features": [' + b"9" * 5000 + b"]}", "not valid GeoJSON"),
        (b'{"features": [{"properties": {"name": "", "a\\u0000b": ""}}]}', "column 2 holds characters"),
        (b'{"features": [{"properties": {"\\ud800": ""}}]}', "column 1 holds characters"),
    ],
)
def test_what_is_no_table_gets_a_sentence(content: bytes, said: str) -> None:
    assert said in sentence_of(content)


def test_more_rows_than_fit_are_refused_while_they_are_read() -> None:
    assert "more than 150000 rows" in sentence_of(b"name,email\n" + b"a,b\n" * (IMPORT_ROWS + 1))


def test_geojson_gives_its_properties_and_points() -> None:
    features = [
        {"properties": {"name": "Ana", "id": 7}, "geometry": {"type": "Point", "coordinates": [-86.8, 33.5]}},
        {"properties": {"name": None, "email": "b@b.example"}, "geometry": None},
        {"properties": None, "geometry": {"type": "Polygon", "coordinates": []}},
    ]
    table = read(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    assert table.header == ["name", "id", "email", "latitude", "longitude"]
    assert list(table.rows) == [
        (1, ["Ana", "7", "", "33.5", "-86.8"]),
        (2, ["", "", "b@b.example", "", ""]),
        (3, ["", "", "", "?", "?"]),
    ]


def test_geojson_that_names_its_points_a_second_time_is_read() -> None:
    properties = {"Name": "Ana", "LATITUDE": 33.1, "Longitude": "-86.1"}
    point = {"type": "Point", "coordinates": [-86.8, 33.5]}
    features = [{"properties": properties, "geometry": point}, {"properties": properties}]
    table = read(json.dumps({"features": features}).encode())
    assert table.header == ["Name", "latitude", "longitude"]
    assert list(table.rows) == [(1, ["Ana", "33.5", "-86.8"]), (2, ["Ana", "33.1", "-86.1"])]


def test_columns_are_guessed_from_their_names() -> None:
    header = ["Full Name", "E-Mail", "Street Address", "City", "ZIP", "LAT", "Lon", "Camera Count", "Shoe size"]
    assert guess_columns(header) == {
        "name": 0,
        "email": 1,
        "street": 2,
        "city": 3,
        "zip_code": 4,
        "latitude": 5,
        "longitude": 6,
        "cameras": 7,
    }
    assert set(guess_columns([field.value for field in Field])) == set(Field.values)


TEXTS = st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=2, max_size=4)


def outcome_of(content: bytes, encoding: str) -> tuple[list[str], int] | str:
    """Return the names and the number of rows of a table, or the sentence that refuses it."""
    try:
        table = read(content, encoding=encoding)
        return table.header, len(list(table.rows))
    except UnreadableTable as refused:
        return str(refused)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_get_a_sentence(content: bytes) -> None:
    assert all(outcome_of(content, encoding) for encoding in Encoding)


@given(st.lists(TEXTS, max_size=5))
def test_any_json_is_a_table_or_gets_a_sentence(values: list[list[str]]) -> None:
    features = [{"properties": dict(zip(each, reversed(each), strict=True))} for each in values]
    outcome = outcome_of(json.dumps({"features": features}).encode(), Encoding.UTF_8)
    assert outcome
    assert isinstance(outcome, str) or outcome[1] == len(values)


@given(st.text())
def test_a_text_that_was_made_harmless_is_read_back_as_it_was(text: str) -> None:
    cell = str(harmless(text))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert unharmed(cell) == text
