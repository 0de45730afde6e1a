"""The home page is light, and all of it comes from here."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

MOST_BYTES = 150_000


def files_of(html: str) -> set[Path]:
    """Return the static files that a page loads, those that its styles ask for included."""
    names = set(re.findall(r'(?:href|src)="/static/([^"]+)"', html))
    found = {Path(str(finders.find(name))) for name in names}
    for style in [path for path in found if path.suffix == ".css"]:
        for address in re.findall(r"""url\(["']?([^"')#]+)["']?\)""", style.read_text(encoding="utf-8")):
            found.add((style.parent / address).resolve())
    return found


@pytest.mark.django_db
def test_the_home_page_weighs_at_most_150_kilobytes(client: Client) -> None:
    html = client.get("/").content
    files = files_of(html.decode())
    assert len(files) > 5
    assert len(html) + sum(path.stat().st_size for path in files) <= MOST_BYTES


@pytest.mark.django_db
def test_the_home_page_loads_nothing_from_elsewhere(client: Client) -> None:
    html = client.get("/").content.decode()
    assert re.findall(r'(?:src|srcset)="(?:https?:)?//[^"]*"|<link[^>]*href="(?:https?:)?//[^"]*"', html) == []
