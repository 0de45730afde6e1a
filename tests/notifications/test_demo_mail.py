"""The demo's letter box: what was sent can be read in the browser, safely, and only in the demo."""

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import Settings

from fusus_portal.demo import mailbox

pytestmark = pytest.mark.django_db

HTML = "<!doctype html><html><head></head><body><a href='https://portal.example/x/'>Answer</a></body></html>"


@pytest.fixture
def demo(settings: Settings, tmp_path: Path) -> None:
    """Development settings, with a mailbox of this test's own."""
    settings.DEBUG = True
    settings.EMAIL_BACKEND = "fusus_portal.demo.mailbox.Mailbox"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"


def send(subject: str) -> None:
    letter = EmailMultiAlternatives(subject, "Answer:\nhttps://portal.example/x/\n", to=["ana@home.example"])
    letter.attach_alternative(HTML, "text/html")
    letter.send()


@pytest.mark.usefixtures("demo")
def test_the_newest_message_stands_first(client: Client) -> None:
    send("Petición número 1, ñ")
    send("Second")
    assert [letter.subject for letter in mailbox.letters()] == ["Second", "Petición número 1, ñ"]
    page = client.get("/demo/mail/").content.decode()
    assert page.index("Second") < page.index("Petición número 1, ñ")


@pytest.mark.usefixtures("demo")
def test_an_empty_box_says_what_would_appear(client: Client) -> None:
    assert "No message yet" in client.get("/demo/mail/").content.decode()


@pytest.mark.usefixtures("demo")
def test_links_of_the_text_can_be_followed(client: Client) -> None:
    send("Request")
    page = client.get(f"/demo/mail/{mailbox.letters()[0].name}/").content.decode()
    assert 'href="https://portal.example/x/"' in page
    assert "ana@home.example" in page
    assert "sandbox=" in page


@pytest.mark.usefixtures("demo")
def test_the_html_can_run_and_fetch_nothing(client: Client) -> None:
    send("Request")
    answer = client.get(f"/demo/mail/{mailbox.letters()[0].name}/html/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert b'<base target="_blank">' in answer.content


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", ["20260101-000000000000-00000000", "secret", "..", "20260101"])
def test_it_reads_nothing_but_messages(client: Client, name: str, settings: Settings) -> None:
    folder = Path(settings.EMAIL_FILE_PATH)
    folder.mkdir()
    (folder / "secret.eml").write_text("Subject: not a message of ours\n\n")
    assert client.get(f"/demo/mail/{name}/").status_code == 404


@pytest.mark.parametrize("address", ["/demo/mail/", "/demo/mail/x/", "/demo/mail/x/html/"])
def test_there_is_no_letter_box_outside_of_development(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("demo")
def test_there_is_no_letter_box_beside_a_database_elsewhere(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/demo/mail/").status_code == 200
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", "db.sheriff.example")
    assert client.get("/demo/mail/").status_code == 404
