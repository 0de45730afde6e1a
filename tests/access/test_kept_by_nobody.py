"""No browser keeps a page that not everyone may see."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("deputy", "console"),
        ("deputy", "incident_new"),
        ("administrator", "people"),
        ("auditor", "audit"),
        ("clerk", "fulfilment"),
        ("resident", "account"),
        ("resident", "usersessions_list"),
        ("resident", "profile"),
    ],
)
def test_a_page_behind_a_permission_is_not_stored(who: str, name: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(f"{who}_client")
    assert "no-store" in client.get(reverse(name)).headers["Cache-Control"]


def test_public_pages_and_styles_may_be(visitor_client: Client) -> None:
    assert "no-store" not in visitor_client.get(reverse("home")).headers.get("Cache-Control", "")
    assert visitor_client.get(reverse("theme_css")).headers["Cache-Control"].startswith("public")
