"""Administrators change what the public sees: looked at first, at once when saved, with history; nobody else can."""

import re
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.models import Agency
from fusus_portal.ground.agency.presenters import NOTHING, value_words
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db

OTHERS = ["resident", "business", "deputy", "supervisor", "auditor", "clerk"]
MARKUP = "<script>alert(1)</script>"


def typed(**changes: Any) -> dict[str, Any]:
    row = Agency.current()
    return {
        "revision": row.revision,
        "name": row.name,
        "short_name": row.short_name,
        "name_es": row.name_es,
        "phone": row.phone,
        "help_phone": "",
        "email": "",
        "news_url": row.news_url,
        "social_urls": "",
        "color_primary": row.color_primary,
        "color_accent": row.color_accent,
        **changes,
    }


def post(client: Client, step: str, **changes: Any) -> str:
    answer = client.post(reverse("agency_data"), {**typed(**changes), "step": step}, follow=True)
    return answer.content.decode()


def differing(page: str) -> list[str]:
    return re.findall(r'data-label="What">([^<]+)<', page)


def picture(**changes: Any) -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (900, 600), "navy").save(made, "JPEG")
    return SimpleUploadedFile("seal.jpg", made.getvalue(), content_type="image/jpeg")


def test_looking_shows_the_public_page_and_changes_nothing(
    administrator_client: Client, visitor_client: Client
) -> None:
    page = post(administrator_client, "look", name="Shelby County Sheriff's Office", color_primary="#123456")
    assert "Official site of the Shelby County Sheriff&#x27;s Office" in page
    assert reverse("agency_preview_css", args=["123456", "b8892b"]) in page
    assert "Jefferson County Sheriff&#x27;s Office" in page  # what would change, from what
    assert differing(page) == ["Name", "Main color"]
    assert "Nothing differs from what is there." in post(administrator_client, "look")
    assert "Shelby" not in visitor_client.get(reverse("home")).content.decode()
    assert entries_of(Event.AGENCY_CHANGED) == []


def test_saving_shows_at_once_in_public_and_in_messages(administrator_client: Client, visitor_client: Client) -> None:
    post(
        administrator_client,
        "save",
        phone="205-555-0188",
        help_phone="205-555-0189",
        email="help@sheriff.example",
        social_urls="Facebook https://facebook.com/sheriff.example",
        color_primary="#123456",
    )
    page = visitor_client.get(reverse("home")).content.decode()
    for told in ("205-555-0188", "205-555-0189", "help@sheriff.example", "https://facebook.com/sheriff.example"):
        assert told in page
    assert "#123456" in visitor_client.get(reverse("theme_css")).content.decode()
    letter = administrator_client.get(reverse("message_text", args=["footage_request"])).content.decode()
    assert "205-555-0188" in letter
    (entry,) = entries_of(Event.AGENCY_CHANGED)
    assert set(str(entry.facts["fields"]).split()) == {"phone", "help_phone", "email", "social_urls", "color_primary"}
    assert "0188" not in str(entry.facts)


def test_going_back_keeps_what_was_typed(administrator_client: Client) -> None:
    page = post(administrator_client, "fill-in", name="Shelby County Sheriff's Office")
    assert 'value="Shelby County Sheriff&#x27;s Office"' in page
    assert Agency.current().name != "Shelby County Sheriff's Office"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "required"),
        ({"phone": "call us"}, "Write a phone number"),
        ({"email": "nobody"}, "valid email"),
        ({"news_url": "http://sheriff.example"}, "begins with https"),
        ({"news_url": "javascript:alert(1)"}, "begins with https"),
        ({"color_primary": "red"}, "Write a color"),
        ({"color_primary": "#9aa7b4"}, "Too pale"),
        ({"color_accent": "#ffee88"}, "Too pale"),
        ({"social_urls": "Facebook javascript:alert(1)"}, "begins with https"),
        ({"social_urls": "https://facebook.com/x"}, "Give each link a name"),
        ({"social_urls": "\n".join(f"L{n} https://x.example/{n}" for n in range(9))}, "At most 8 links"),
    ],
)
def test_what_can_not_be_is_said_beside_its_field(
    changes: dict[str, str], sentence: str, administrator_client: Client
) -> None:
    page = post(administrator_client, "save", **changes)
    assert sentence in page
    assert "Please check what you typed" in page
    assert Agency.current().revision == 1
    assert entries_of(Event.AGENCY_CHANGED) == []


def test_markup_is_shown_as_text_everywhere(administrator_client: Client, visitor_client: Client) -> None:
    assert MARKUP not in post(administrator_client, "look", name=MARKUP)
    post(administrator_client, "save", name=MARKUP, short_name=MARKUP)
    for page in ("home", "faq", "terms"):
        assert MARKUP not in visitor_client.get(reverse(page)).content.decode()
    for page in ("admin", "agency_data", "agency_history", "message_list"):
        assert MARKUP not in administrator_client.get(reverse(page)).content.decode()


def test_two_at_once_do_not_write_over_each_other(
    administrator_client: Client, other_administrator_client: Client
) -> None:
    mine, theirs = typed(name="Mine"), typed(name="Theirs")
    administrator_client.post(reverse("agency_data"), {**mine, "step": "save"})
    answer = other_administrator_client.post(reverse("agency_data"), {**theirs, "step": "save"})
    assert answer.status_code == 409
    assert Agency.current().name == "Mine"


def test_the_history_names_who_when_and_what(administrator_client: Client, administrator: User) -> None:
    assert "Nothing was changed yet" in administrator_client.get(reverse("agency_history")).content.decode()
    post(administrator_client, "save", phone="205-555-0188")
    page = administrator_client.get(reverse("agency_history")).content.decode()
    assert administrator.pseudonym in page
    assert administrator.email not in page
    assert differing(page) == ["Phone"]
    assert "205-555-0100" in page
    assert "205-555-0188" in page


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("Shelby County", "Shelby County"),
        ("ab" * 32, "picture abababab"),
        (["35203", "35205"], "35203, 35205"),
        ({"Facebook": "https://fb.example"}, "Facebook https://fb.example"),
        (Decimal("1.50"), "1.5"),
        (0, "0"),
        (None, NOTHING),
        ("", NOTHING),
        ([], NOTHING),
        ({}, NOTHING),
    ],
)
def test_the_history_says_each_kind_of_value(value: object, said: str) -> None:
    assert value_words(value) == said


def test_a_seal_is_looked_at_and_then_on_every_page(administrator_client: Client, visitor_client: Client) -> None:
    page = administrator_client.post(reverse("agency_seal"), {"picture": picture()}).content.decode()
    assert Agency.current().seal == ""
    address = page.partition('<img src="')[2].partition('"')[0]
    answer = visitor_client.get(page.partition('<figure class="usa-card">')[2].partition('src="')[2].partition('"')[0])
    assert address
    assert answer["Content-Type"] == "image/png"
    assert "immutable" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Image.open(BytesIO(answer.content)).size == (512, 341)
    digest = page.partition('name="seal" value="')[2].partition('"')[0]
    administrator_client.post(reverse("agency_seal"), {"seal": digest, "revision": 1})
    assert reverse("seal", args=[digest]) in visitor_client.get(reverse("home")).content.decode()
    assert len(entries_of(Event.SEAL_CHANGED)) == 1
    history = administrator_client.get(reverse("agency_history")).content.decode()
    assert f"picture {digest[:8]}<" in history
    assert digest not in history.partition("<main")[2]
    administrator_client.post(reverse("agency_seal"), {"seal": "", "revision": 2})
    assert "img/seal.svg" in visitor_client.get(reverse("home")).content.decode()


def test_what_is_no_picture_or_no_kept_one_is_refused(administrator_client: Client, visitor_client: Client) -> None:
    drawing = SimpleUploadedFile("seal.png", b"<svg onload='alert(1)'/>", content_type="image/png")
    page = administrator_client.post(reverse("agency_seal"), {"picture": drawing}).content.decode()
    assert "not a picture that can be read" in page
    page = administrator_client.post(
        reverse("agency_seal"), {"seal": "ab" * 32, "revision": 1}, follow=True
    ).content.decode()
    assert "This picture is gone" in page
    assert Agency.current().seal == ""
    for name in ("ab" * 32, "secret", "..", "A" * 64):
        assert visitor_client.get(f"/seal/{name}.png").status_code == 404


def test_a_picture_beyond_the_limit_is_not_even_read(
    administrator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fusus_portal.ground.held_files.PictureOfForm.largest", 100)
    monkeypatch.setattr("fusus_portal.ground.held_files.FIELDS_BESIDE", 0)
    page = administrator_client.post(reverse("agency_seal"), {"picture": picture()}).content.decode()
    assert "This picture is too large" in page


def test_no_other_color_gets_into_the_preview(administrator_client: Client) -> None:
    assert "#123456" in administrator_client.get("/console/admin/agency/123456-654321.css").content.decode()
    assert administrator_client.get("/console/admin/agency/red-654321.css").status_code == 404


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("name", ["agency_data", "agency_seal", "limits", "terms_new"])
def test_nobody_else_changes_anything(role: str, name: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(f"{role}_client")
    assert client.get(reverse(name)).status_code == 403
    assert client.post(reverse(name), {**typed(name="Mine"), "step": "save"}).status_code == 403
    assert Agency.current().revision == 1


def test_the_hub_shows_a_card_for_each_feature(administrator_client: Client) -> None:
    page = administrator_client.get(reverse("admin")).content.decode()
    for name in ("people", "agency_data", "agency_seal", "document_list", "message_list", "limits"):
        assert f'href="{reverse(name)}"' in page
