"""The pages that the addresses have, and who sees each."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.conf import settings
from django.http.response import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from tests.access.addresses import MADE_UP, Address
from tests.access.urls import ROWS
from tests.browser.pages.everybody import Everybody
from tests.browser.window import Window
from tests.people import signs_in_again


@dataclass(frozen=True)
class Stop:
    """A page, and the browser of somebody who sees it."""

    path: str
    browser: Client


def page_of(address: Address, here: Everybody, role: str = "") -> Stop | str:
    """Return where a page of an address is, and who sees it; without one, what its address answers instead.

    role: only people of this role, where one is given.
    """
    answers = set()
    for browser, path in tries(address, here, role):
        signs_in_again(browser)
        answer = browser.get(path)
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code == 200 and kind.startswith("text/html") and b"<html" in answer.content:
            return Stop(path, browser)
        answers.add("no page" if answer.status_code == 405 else f"{answer.status_code} {kind} {said(answer)}".strip())
        if answer.streaming:
            answer.close()
        if answer.status_code == 200:
            return "no page" if not kind.startswith("text/html") else "part of a page"
    return "no page" if answers == {"no page"} else f"{sorted(answers)}"


def said(answer: HttpResponseBase) -> str:
    """Return the text of a page that refuses, "" for any other answer."""
    if not isinstance(answer, HttpResponse) or answer.status_code != 409:
        return ""
    text = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(strip_tags(f"<main{text}").split())


def tries(address: Address, here: Everybody, role: str = "") -> Iterator[tuple[Client, str]]:
    """Yield who might see a page of an address, and where: each person who may, with each thing that it may name.

    role: only people of this role, where one is given.
    """
    names, kinds = list(address.values), address.values.values()
    known = [here.things.get((word, kind)) or [MADE_UP[kind]] for word, kind in zip(address.words, kinds, strict=True)]
    who = [each for each in here.browsers if each in ROWS[address.name].who and role in {"", each}]
    for each in who:
        for browser, chosen in product(here.browsers[each], product(*known)):
            yield browser, reverse(address.name, kwargs=dict(zip(names, chosen, strict=True)))


def takes_the_place(window: Window, browser: Client) -> None:
    """Go on where somebody stands, in the window's language."""
    window.context.clear_cookies()
    cookies: list[Any] = [
        {"name": name, "value": morsel.value, "url": window.url} for name, morsel in browser.cookies.items()
    ]
    window.context.add_cookies(
        [*cookies, {"name": settings.LANGUAGE_COOKIE_NAME, "value": window.language, "url": window.url}]
    )
