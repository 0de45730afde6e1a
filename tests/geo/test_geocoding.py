"""Addresses become points by the agency's geocoder over real HTTP, or by their ZIP code if it finds nothing."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from fusus_portal.ground.geo.geocoding import Address, AddressNotFound, GeocoderUnavailable, geocode
from fusus_portal.ground.geo.points import Point, Precision

COURTHOUSE = Address("716 Richard Arrington Jr Blvd N", "Birmingham", "AL", "35203")


class NominatimPeer(ThreadingHTTPServer):
    """Answers as Nominatim does, with what the test says."""

    answer: list[dict[str, str]]
    status: int
    may_answer: threading.Event
    asked: list[str]

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about a client that did not wait."""


class Handler(BaseHTTPRequestHandler):
    server: NominatimPeer

    def do_GET(self) -> None:
        self.server.asked.append(parse_qs(urlsplit(self.path).query)["q"][0])
        self.server.may_answer.wait(timeout=10)
        body = json.dumps(self.server.answer).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        return


@pytest.fixture
def nominatim(settings: Settings) -> Iterator[NominatimPeer]:
    with NominatimPeer(("127.0.0.1", 0), Handler) as peer:
        peer.answer = [{"lat": "33.5217", "lon": "-86.8107", "display_name": "Courthouse"}]
        peer.status, peer.asked, peer.may_answer = 200, [], threading.Event()
        peer.may_answer.set()
        thread = threading.Thread(target=peer.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.GEOCODER = f"nominatim://127.0.0.1:{peer.server_port}?scheme=http&timeout=5"
        yield peer
        peer.may_answer.set()
        peer.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _no_geocoder(settings: Settings) -> None:
    settings.GEOCODER = ""


def test_without_a_geocoder_the_zip_code_answers_for_its_area() -> None:
    found = geocode(COURTHOUSE)
    assert found.precision is Precision.AREA
    assert found.point.distance_m(Point(33.5217, -86.8107)) < 2_000
    assert found.county is not None
    assert found.county.fips == "01073"


def test_a_zip_code_elsewhere_names_that_county() -> None:
    found = geocode(Address("1437 Bannock St", "Denver", "CO", "80202-1234"))
    assert found.county is not None
    assert str(found.county) == "Denver County, Colorado"


@pytest.mark.parametrize(
    ("state", "zip_code", "sentence"),
    [
        ("AL", "00000", "don't know this ZIP code"),
        ("AL", "3520", "five digits"),
        ("AL", "", "five digits"),
        ("AL", "٣٥٢٠٣", "five digits"),
        ("GA", "35203", "another state"),
    ],
)
def test_an_address_nowhere_says_what_to_check(state: str, zip_code: str, sentence: str) -> None:
    with pytest.raises(AddressNotFound, match=sentence) as caught:
        geocode(Address("1 Main St", "Birmingham", state, zip_code))
    assert caught.value.field == "zip_code"


def test_the_agencys_geocoder_finds_the_house(nominatim: NominatimPeer) -> None:
    found = geocode(COURTHOUSE)
    assert nominatim.asked == ["716 Richard Arrington Jr Blvd N, Birmingham, AL 35203"]
    assert found.precision is Precision.ROOFTOP
    assert found.point == Point(33.5217, -86.8107)
    assert found.county is not None
    assert found.county.fips == "01073"


def test_a_house_that_the_geocoder_does_not_know_falls_back_to_its_zip_code(
    nominatim: NominatimPeer,
) -> None:
    nominatim.answer = []
    assert geocode(COURTHOUSE).precision is Precision.AREA
    assert len(nominatim.asked) == 1


def test_a_failing_geocoder_falls_back_and_the_log_holds_no_address(
    nominatim: NominatimPeer, caplog: pytest.LogCaptureFixture
) -> None:
    nominatim.status = 500
    assert geocode(COURTHOUSE).precision is Precision.AREA
    assert "GeocoderServiceError" in caplog.text
    assert "Arrington" not in caplog.text


def test_a_slow_geocoder_is_left_after_its_time_and_asked_once(
    nominatim: NominatimPeer, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.GEOCODER = settings.GEOCODER.replace("timeout=5", "timeout=0.05")
    nominatim.may_answer.clear()
    assert geocode(COURTHOUSE).precision is Precision.AREA
    assert len(nominatim.asked) == 1
    assert "Arrington" not in caplog.text


def test_no_geocoder_and_no_zip_code_is_our_failure_not_the_persons(
    nominatim: NominatimPeer,
) -> None:
    nominatim.status = 500
    with pytest.raises(GeocoderUnavailable) as caught:
        geocode(Address("1 Main St", "Birmingham", "AL", "00000"))
    assert "try again" in str(caught.value.sentence)


@pytest.mark.parametrize("configured", ["unheard-of://host", "nominatim://host?color=red"])
def test_a_geocoder_that_does_not_exist_is_refused(settings: Settings, configured: str) -> None:
    settings.GEOCODER = configured
    with pytest.raises(ImproperlyConfigured, match="GEOCODER can't be set up"):
        geocode(COURTHOUSE)
