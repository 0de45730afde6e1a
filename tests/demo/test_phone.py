"""The demo's phone takes the texts that the portal sends, as a provider does, and only in the demo."""

import base64
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from fusus_portal.demo import phone
from fusus_portal.demo.data import office
from fusus_portal.demo.servers import addresses
from fusus_portal.demo.servers.servers import Servers
from fusus_portal.ground.notifications import policies
from fusus_portal.ground.notifications.channels import provider
from fusus_portal.ground.notifications.models import Message, TextNumber
from fusus_portal.ground.notifications.services import text_numbers
from fusus_portal.settings.channels import text_settings
from tests.factories import registrant_at

pytestmark = pytest.mark.django_db

NUMBER = "+12055550117"
GATEWAY, PHONE = "/demo/texts/gateway/", "/demo/texts/"


@pytest.fixture
def demo(settings: Settings, tmp_path: Path) -> None:
    """Development settings, with a phone of this test's own."""
    settings.DEBUG = True
    settings.LOCAL_DIR = tmp_path
    settings.TEXT_URL = f"http://localhost:8000{GATEWAY}"
    settings.TEXT_ACCOUNT, settings.TEXT_SECRET, settings.TEXT_SENDER = "demo", "s3cret words", "+12055550199"


def call(client: Client, method: str = "POST", secret: str = "s3cret words", **form: str) -> Any:
    known = base64.b64encode(f"demo:{secret}".encode()).decode()
    send = client.post if method == "POST" else client.get
    return send(GATEWAY, form, headers={"Authorization": f"Basic {known}"})


@pytest.mark.usefixtures("demo")
def test_the_portal_sends_a_text_to_it(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    def carried(method: str, url: str, *, auth: tuple[str, str], **asked: Any) -> Any:
        answer = call(client, method, auth[1], **{**asked.get("data", {}), **asked.get("params", {})})
        return SimpleNamespace(status_code=answer.status_code, json=answer.json)

    monkeypatch.setattr("requests.request", carried)
    provider.post(to=NUMBER, body="Code 123456", callback="http://localhost:8000/status/")
    assert [(text.number, text.body) for text in phone.texts()] == [(NUMBER, "Code 123456")]
    an_hour_ago = timezone.now() - timedelta(hours=1)
    assert provider.has(to=NUMBER, body="Code 123456", since=an_hour_ago)
    assert not provider.has(to=NUMBER, body="Code 654321", since=an_hour_ago)
    page = client.get(PHONE).content.decode()
    assert "Code 123456" in page
    assert NUMBER in page


@pytest.mark.usefixtures("demo")
def test_nobody_else_writes_or_reads_through_the_gateway(client: Client) -> None:
    assert call(client, secret="wrong", To=NUMBER, Body="x").status_code == 401
    assert client.post(GATEWAY, {"To": NUMBER, "Body": "x"}).status_code == 401
    assert client.get(GATEWAY, {"To": NUMBER}).status_code == 401
    assert phone.texts() == []


@pytest.mark.usefixtures("demo")
def test_what_a_text_says_is_no_markup(client: Client) -> None:
    call(client, To=NUMBER, Body="<script>alert(1)</script> https://portal.example/x/")
    page = client.get(PHONE).content.decode()
    assert "<script>alert(1)" not in page
    assert 'href="https://portal.example/x/"' in page


@pytest.mark.usefixtures("demo")
def test_stop_and_start_are_obeyed_and_answered(client: Client) -> None:
    owner = registrant_at().user
    number = text_numbers.ask(by=owner, number="205-555-0117", requests=True, looks=True)
    text_numbers.confirm(by=owner, code=policies.code_of(number))
    call(client, To=NUMBER, Body="First")
    client.post(PHONE, {"number": NUMBER, "word": "STOP"})
    number.refresh_from_db()
    assert number.stopped_at is not None
    assert "you get no more texts from us" in client.get(PHONE).content.decode()
    client.post(PHONE, {"number": NUMBER, "word": "START"})
    number.refresh_from_db()
    assert number.stopped_at is None


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("typed", [{"number": "+12055550118", "word": "STOP"}, {"number": NUMBER, "word": "PAY"}, {}])
def test_an_answer_that_the_phone_can_not_give_is_refused(typed: dict[str, str], client: Client) -> None:
    call(client, To=NUMBER, Body="First")
    assert client.post(PHONE, typed).status_code == 404
    assert len(phone.texts()) == 1


@pytest.mark.parametrize("address", [GATEWAY, PHONE])
def test_outside_of_a_demo_there_is_no_phone(address: str, client: Client) -> None:
    assert client.get(address).status_code == 404
    assert client.post(address, {"To": NUMBER, "Body": "x", "number": NUMBER, "word": "STOP"}).status_code == 404


@pytest.mark.usefixtures("demo")
def test_an_empty_phone_says_how_a_text_comes(client: Client) -> None:
    assert "turn texts on with any number" in client.get(PHONE).content.decode()


def test_a_run_notes_the_phone_as_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = SimpleNamespace(postgres=None, valkey=None, live=None)
    addresses.note(cast(Servers, started), tmp_path, site="http://localhost:8123", others={})
    for line in (tmp_path / "environment").read_text(encoding="utf-8").splitlines():
        name, _equals, value = line.partition("=")
        monkeypatch.setenv(name, value)
    found = text_settings(loopback=True)
    assert found["TEXT_URL"] == f"http://localhost:8123{GATEWAY}"
    assert len(found["TEXT_SECRET"]) > 30


@pytest.mark.usefixtures("demo")
def test_one_neighbor_gets_texts_already() -> None:
    owner = registrant_at()
    for _run in range(2):
        office.turn_texts_on(owner=owner)
    assert TextNumber.objects.get().confirmed_at is not None
    assert Message.objects.filter(channel="text").count() == 1


def test_without_a_provider_nobody_gets_texts(settings: Settings) -> None:
    settings.TEXT_URL = ""
    office.turn_texts_on(owner=registrant_at())
    assert not TextNumber.objects.exists()
