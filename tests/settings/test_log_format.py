"""Log lines name nobody, and open no door."""

import logging
import re

import pytest
from django.urls import reverse

from fusus_portal.ground.log_format import WithoutPersonalData
from tests.access.addresses import MADE_UP, Address, addresses


def line(message: str) -> str:
    return WithoutPersonalData().format(logging.LogRecord("portal", logging.ERROR, __file__, 1, message, (), None))


@pytest.mark.parametrize("address", ["ana.rivera@example.org", "o'brien+work@mail.example.org", "a/b=c@example.org"])
def test_an_address_is_blanked_whole(address: str) -> None:
    assert line(f"no mail for {address}!").endswith("no mail for <email>!")


OPENING = [address for address in addresses() if address.values.keys() & {"token", "key"}]
"""Addresses that open something to anybody who has them."""


@pytest.mark.parametrize("address", OPENING, ids=lambda address: address.name)
def test_a_token_is_blanked_in_whatever_address_has_one(address: Address) -> None:
    (name,) = address.values.keys() & {"token", "key"}
    others = {other: MADE_UP[kind] for other, kind in address.values.items()}
    path = reverse(address.name, kwargs={**others, name: "AAEs3cr-t_0.x:y"})
    assert "s3cr" in path
    assert line(f"Internal Server Error: {path}").endswith(re.sub(r"[^/]*AAEs3cr-t_0\.x:y", "<token>", path))


def test_links_of_mails_are_among_them() -> None:
    of_mails = {"reply", "log_receipts", "upload", "claim", "invited", "notices_stop", "invitation"}
    assert of_mails <= {one.name for one in OPENING}


def test_a_page_without_a_token_stays_readable() -> None:
    assert line("Internal Server Error: /account/password/change/").endswith("/account/password/change/")
