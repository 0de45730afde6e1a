"""Log lines name nobody, and open no door."""

import logging

import pytest

from fusus_portal.log_format import WithoutPersonalData


def line(message: str) -> str:
    return WithoutPersonalData().format(logging.LogRecord("portal", logging.ERROR, __file__, 1, message, (), None))


@pytest.mark.parametrize("address", ["ana.rivera@example.org", "o'brien+work@mail.example.org", "a/b=c@example.org"])
def test_an_address_is_blanked_whole(address: str) -> None:
    assert line(f"no mail for {address}!").endswith("no mail for <email>!")


@pytest.mark.parametrize(
    "before",
    ["/requests/", "/uploads/", "/account/invitation/", "/demo/signin/"],
)
def test_a_token_is_blanked(before: str) -> None:
    assert line(f"Internal Server Error: {before}AAEs3cr-t_0.x:y/").endswith(f"Error: {before}<token>/")


def test_a_page_without_a_token_stays_readable() -> None:
    assert line("Internal Server Error: /account/password/change/").endswith("/account/password/change/")
