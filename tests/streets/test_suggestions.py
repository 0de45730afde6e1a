"""Places that a page suggests while somebody types, and the map that it draws."""

import logging

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from pmtiles.reader import Reader

from fusus_portal.ground.streets import street_map
from fusus_portal.ground.streets.models import StreetData

from .town import make_world  # noqa: F401


def ask(browser: Client, text: str) -> list[dict[str, object]]:
    """Return the places that a page suggests."""
    answer: list[dict[str, object]] = browser.post(reverse("suggest_places"), {"text": text}).json()["places"]
    return answer


@pytest.mark.usefixtures("world")
class TestSuggestions:
    def test_a_beginning_gives_places_with_all_that_a_form_fills_in(self, resident_client: Client) -> None:
        [found, *_more] = ask(resident_client, "2024 11th av")
        assert found["address"] == "2024 11th Ave S, Birmingham 35205"
        assert (found["label"], found["city"], found["zip_code"]) == ("2024 11th Ave S", "Birmingham", "35205")
        assert found["state"] == "AL"
        assert found["precision"] == "rooftop"

    def test_two_letters_are_too_few(self, resident_client: Client) -> None:
        assert ask(resident_client, "20") == []

    def test_a_visitor_is_told_nothing(self, client: Client) -> None:
        answer = client.post(reverse("suggest_places"), {"text": "2024 11th av"})
        assert answer.status_code == 302
        assert "sign-in" in answer.headers["Location"] or "login" in answer.headers["Location"]

    def test_it_is_posted_and_kept_by_nobody(self, resident_client: Client) -> None:
        assert resident_client.get(reverse("suggest_places") + "?text=2024").status_code == 405
        answer = resident_client.post(reverse("suggest_places"), {"text": "2024 11th av"})
        assert answer.headers["Cache-Control"] == "no-store"

    def test_nothing_of_it_is_in_the_log_of_the_process(
        self, resident_client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            ask(resident_client, "2024 11th av")
        assert "11th av" not in caplog.text

    def test_fifty_in_a_second_are_too_many(self, resident_client: Client) -> None:
        statuses = [resident_client.post(reverse("suggest_places"), {"text": "202"}).status_code for _ in range(50)]
        assert 429 in statuses


class TestTheMap:
    @pytest.fixture
    def drawn(self, world: StreetData) -> StreetData:
        """Return a loading whose map is drawn."""
        assert world.map_name
        return world

    def test_anybody_reads_it_in_parts(self, client: Client, drawn: StreetData) -> None:
        address = street_map.drawn_map()[0]
        whole = b"".join(client.get(address))
        part = client.get(address, headers={"Range": "bytes=0-126"})
        assert (part.status_code, b"".join(part)) == (206, whole[:127])
        assert part.headers["Content-Range"] == f"bytes 0-126/{len(whole)}"
        assert "immutable" in part.headers["Cache-Control"]

    def test_a_part_beyond_its_end_is_refused(self, client: Client, drawn: StreetData) -> None:
        assert client.get(street_map.drawn_map()[0], headers={"Range": "bytes=99999999-"}).status_code == 416

    def test_a_name_that_is_not_there(self, client: Client, drawn: StreetData) -> None:
        assert client.get("/maps/streets-999.pmtiles").status_code == 404
        assert client.get("/maps/..%2fevidence%2fx").status_code == 404

    def test_it_has_the_streets_by_name(self, drawn: StreetData) -> None:
        with storages["maps"].open(drawn.map_name) as file:
            content = file.read()
        reader = Reader(lambda start, length: content[start : start + length])
        assert reader.header()["max_zoom"] == street_map.MOST_ZOOM
        assert reader.header()["min_lon_e7"] < -867_987_000 < reader.header()["max_lon_e7"]

    def test_a_page_with_a_map_names_it(self, resident_client: Client, drawn: StreetData) -> None:
        resident_client.post(reverse("register_you"), {"name": "A", "phone": "205 555 0117", "language": "en"})
        home = {"kind": "home", "street": "2024 11th Ave S", "city": "Birmingham", "state": "AL", "zip_code": "35205"}
        resident_client.post(reverse("register_place"), home)
        page = resident_client.get(reverse("register_pin")).content.decode()
        assert f'data-street-map="{street_map.drawn_map()[0]}"' in page
