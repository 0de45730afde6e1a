"""An address that takes a name answers an odd one as one that it does not know: dots, NUL, very long, badly encoded."""

from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.core.cache import cache as counts
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.streets import street_map as streets
from tests.access.addresses import MADE_UP, Address, addresses
from tests.access.urls import ROWS
from tests.access.who import ROLES
from tests.people import make_person, sign_in

pytestmark = pytest.mark.django_db
UNKNOWN: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST}
"""A NUL is answered as what can't be read (400), all else as what is not there."""

LONG: Final = "a" * 5000
DOTS: Final = [".", "..", "...", "%2e", "%2e%2e", "..%5c..", ".%00", "a%00b", ".pmtiles", "-", "_"]
ENCODED: Final = ["%", "%25", "%ff", "%C3%28", "%u0041", "%F0%9F%92%A9", "%0d%0aX-A:%20b", "%20", "*", "~", "con", LONG]
NAMES: Final = [*DOTS, *ENCODED]
SLUGS: Final = ["-", "_", "--", "0", LONG]
NUMBERS: Final = ["0", "00", "2147483648", "9223372036854775808", "9" * 400]
PATHS: Final = [*NAMES, "../../etc/passwd", "..%2f..", "a/./b", "a//b", "/", "//", "x000/" * 200]
ODD: Final = {"str": NAMES, "path": PATHS, "slug": SLUGS, "int": NUMBERS}
PLACEHOLDER: Final = {"str": "kept-for-it", "path": "kept/for/it", "slug": "kept-for-it", "int": 987_654_321}


def odd_paths(address: Address) -> list[str]:
    """Return paths to an address with each odd value, as they are on the line, in place of each of its names."""
    found = []
    for name, kind in address.values.items():
        values = {each: MADE_UP[kind_of] for each, kind_of in address.values.items()}
        path = reverse(address.name, kwargs={**values, name: PLACEHOLDER[kind]}) if kind in ODD else ""
        found += [path.replace(quote(str(PLACEHOLDER[kind])), odd) for odd in ODD.get(kind, [])]
    return found


def asked(browser: Client, path: str) -> HttpResponseBase:
    """Open a path, or press its button where it is one."""
    counts.clear()
    answer = browser.get(path)
    return browser.post(path) if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED else answer


@cache
def named() -> list[Address]:
    return [each for each in addresses() if set(each.values.values()) & set(ODD)]


def test_the_walk_meets_those_that_take_names() -> None:
    assert {"street_map", "upload", "reply", "ledger_tile", "seal", "invited", "order"} <= {a.name for a in named()}


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)], ids=["some", "all"])
@pytest.mark.parametrize("role", ["visitor", *ROLES])
def test_an_odd_name_is_one_that_is_not_known(role: str, whole: bool) -> None:
    """Each address is asked by one of those who may open it: with every third odd value, in the long test with all."""
    browser = Client() if role == "visitor" else sign_in(make_person(role, f"{role}@portal.example"))
    browser.raise_request_exception = False
    mine = [each for each in named() if ROWS[each.name].one_who_may == role]
    paths = [path for each in mine for path in odd_paths(each)][:: 1 if whole else 3]
    assert {path[:80]: status for path in paths if (status := asked(browser, path).status_code) >= 500} == {}


@pytest.mark.parametrize("odd", ["", *NAMES, "folder", "letter.txt"])
def test_a_map_is_found_by_its_own_name_alone(odd: str, settings: LazySettings, tmp_path: Path) -> None:
    """The storage has a folder and another file, as any folder of a disk may."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "letter.txt").write_text("Dear Rosa")
    maps = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, streets.ALIAS: maps}
    browser = Client(raise_request_exception=False)
    assert browser.get(reverse("street_map", args=["name"]).replace("name", odd)).status_code in UNKNOWN
