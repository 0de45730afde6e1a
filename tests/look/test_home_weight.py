"""Public pages are light, and all of each comes from here."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from tests.shop.orders import orders

MOST_BYTES = 150_000


def files_of(html: str) -> set[Path]:
    """Return the static files that a page loads, those that its styles ask for included."""
    names = set(re.findall(r'(?:href|src)="/static/([^"]+)"', html))
    found = {Path(str(finders.find(name))) for name in names}
    for style in [path for path in found if path.suffix == ".css"]:
        for address in re.findall(r"""url\(["']?([^"')#]+)["']?\)""", style.read_text(encoding="utf-8")):
            found.add((style.parent / address).resolve())
    return found


@pytest.fixture(params=["home", "faq", "register", "account_signup", "shop", "product"])
def page(request: pytest.FixtureRequest, client: Client, db: None) -> str:
    """Return a page that people meet before they have an account."""
    words = [orders.product().slug] if request.param == "product" else []
    return client.get(reverse(request.param, args=words)).content.decode()


def test_a_public_page_weighs_at_most_150_kilobytes(page: str) -> None:
    files = files_of(page)
    assert len(files) > 3
    assert len(page.encode()) + sum(path.stat().st_size for path in files) <= MOST_BYTES


def test_a_public_page_loads_nothing_from_elsewhere(page: str) -> None:
    assert re.findall(r'(?:src|srcset)="(?:https?:)?//[^"]*"|<link[^>]*href="(?:https?:)?//[^"]*"', page) == []
