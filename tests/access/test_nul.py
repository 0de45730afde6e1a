"""A NUL, which the database can't keep, is answered as what can't be read: in every query, form, cookie and path."""

import json
import re
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from urllib.parse import urlencode

import pytest
from django import forms
from django.conf import settings
from django.core.cache import cache as counts
from django.test import Client
from django.urls import reverse

from registry.places.camera_fields import NAMES as CAMERA_FIELDS
from tests.access.addresses import MADE_UP, Address, addresses
from tests.access.urls import ROWS
from tests.access.who import ROLES
from tests.people import make_person, sign_in
from tests.repo.sources import PACKAGES, python_files

pytestmark = pytest.mark.django_db
READ = re.compile(r"(?:GET|POST)(?:\.get\(|\.getlist\(|\[)\"(\w+)\"")
WALKERS = ["visitor", *ROLES]
NUL = "a\0b"


@cache
def names() -> list[str]:
    """Return every name that a view reads of a query or form, and every field of every form."""
    for app in PACKAGES:
        for module in walk_packages(import_module(app).__path__, f"{app}."):
            if ".forms" in module.name:
                import_module(module.name)
    read = {name for file in python_files(*PACKAGES) for name in READ.findall(file.read_text(encoding="utf-8"))}
    asked = {name for form in subclasses(forms.BaseForm) for name in getattr(form, "base_fields", {})}
    return sorted(read | asked | set(CAMERA_FIELDS))


def subclasses(kind: type) -> set[type]:
    return {kind}.union(*map(subclasses, kind.__subclasses__()))


def browser_of(role: str) -> Client:
    browser = Client() if role == "visitor" else sign_in(make_person(role, f"{role}@portal.example"))
    browser.raise_request_exception = False
    return browser


def path_of(address: Address, made_up: str = "made-up") -> str:
    values = {name: made_up if kind == "str" else MADE_UP[kind] for name, kind in address.values.items()}
    return reverse(address.name, kwargs=values)


def test_the_names_are_all_there() -> None:
    assert {"before", "page", "q", "next", "email", "reason"} <= set(names())


@pytest.mark.parametrize("role", WALKERS)
def test_no_address_breaks_on_one_in_a_query_a_path_or_a_form(role: str) -> None:
    """Each address is asked by one of those who may open it."""
    assert broken(role, [each for each in named() if ROWS[each.name].one_who_may == role]) == []


@pytest.mark.long
def test_nor_does_one_break_that_a_visitor_may_not_open() -> None:
    assert broken("visitor", [each for each in named() if ROWS[each.name].one_who_may != "visitor"]) == []


def named() -> list[Address]:
    return [each for each in addresses() if each.name and not each.route.startswith("demo/")]


def broken(role: str, asked: list[Address]) -> list[str]:
    """Return which addresses fail that somebody asks with a NUL in everything."""
    query, browser, failed = urlencode(dict.fromkeys(names(), NUL)), browser_of(role), list[str]()
    for address in asked:
        counts.clear()
        answers = [browser.get(f"{path_of(address)}?{query}")]
        answers.append(browser.post(path_of(address), dict.fromkeys(names(), NUL)))
        if "str" in address.values.values():
            answers.append(browser.get(path_of(address, NUL)))
        failed += [
            f"{answer.request['REQUEST_METHOD']} {address.name}" for answer in answers if answer.status_code >= 500
        ]
    return failed


def test_it_is_said_that_it_can_t_be_read(auditor_client: Client, visitor_client: Client) -> None:
    for answer in (
        auditor_client.get(reverse("audit"), {"before": NUL}),
        visitor_client.post(reverse("account_login"), {"login": NUL, "password": "x"}),
    ):
        assert (answer.status_code, answer.templates[0].name) == (400, "errors/400.html")


def test_one_in_a_cookie_is_no_way_in_either(visitor_client: Client) -> None:
    visitor_client.raise_request_exception = False
    said = {"Cookie": f'{settings.SESSION_COOKIE_NAME}="a\\000b"'}
    assert visitor_client.get(reverse("home"), headers=said).status_code == 400


def test_one_that_a_passkey_says_escaped_is_refused_by_the_form() -> None:
    browser = sign_in(make_person("resident", "rosa@portal.example"))
    said = {"name": "Key", "credential": json.dumps({"id": "a", "type": "public-key", "further": NUL})}
    answer = browser.post(reverse("mfa_add_webauthn"), said)
    assert "can&#x27;t be read" in answer.content.decode()
