"""Every address, GET and POST, for each role and for a visitor, against one table that people wrote.

The long test opens each address as everybody, by GET and POST. The others compare marks, and open each as one who may
and one who may not: by turns one of them by GET, and the other by POST.
"""

from http.cookies import SimpleCookie
from itertools import product

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.access.marks import MARKS, Mark, mark_of
from tests.access.addresses import Address, addresses
from tests.access.urls import EVERYONE, ROLES, ROWS
from tests.people import make_person, sign_in

METHODS = ["get", "post"]
WALKERS = [*ROLES, "visitor"]
ENTRANCES = ("account_login", "system_use_notice")


def test_each_address_has_a_name_and_a_row() -> None:
    unnamed = [address.route for address in addresses() if not address.name]
    without_row = {address.name for address in addresses()} - set(ROWS)
    assert unnamed == []
    assert without_row == set()


def test_each_row_has_an_address() -> None:
    assert set(ROWS) - {address.name for address in addresses()} == set()


def test_each_address_has_one_mark() -> None:
    unmarked = [a.name for a in addresses() if mark_of(a.view) is None and a.name not in MARKS]
    twice = [a.name for a in addresses() if mark_of(a.view) is not None and a.name in MARKS]
    assert unmarked == []
    assert twice == []


def test_the_table_of_third_parties_names_no_address_that_is_gone() -> None:
    assert set(MARKS) - {address.name for address in addresses()} == set()


def test_the_mark_of_each_address_lets_in_whom_the_table_says() -> None:
    wrong = [
        (address.name, role)
        for address in addresses()
        for role in WALKERS
        if _lets_in(address, role) != (role in ROWS[address.name].who)
    ]
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)], ids=["some", "all"])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", WALKERS)
def test_a_role_reaches_what_the_table_says_and_nothing_else(
    role: str, method: str, whole: bool, request: pytest.FixtureRequest
) -> None:
    client = Client(raise_request_exception=False)
    if role != "visitor":
        sign_in(make_person(role, f"walker.{role}@portal.example"), client)
    cookies = dict(client.cookies)
    wrong = []
    for address in addresses() if whole else _some(role, method):
        client.cookies = SimpleCookie(cookies)
        response = _open(client, method, address, request)
        if (said := _verdict(response, address)) != (expected := _expected(role, address.name)):
            wrong.append(f"{method} {address.name}: {said} ({response.status_code}), expected {expected}")
    assert wrong == []


def test_each_address_is_walked_by_one_who_may_and_one_who_may_not() -> None:
    walked = {
        (address.name, role in ROWS[address.name].who)
        for role, method in product(WALKERS, METHODS)
        for address in _some(role, method)
    }
    rows = ROWS.items()
    assert walked == {(name, True) for name, row in rows if row.who} | {
        (n, False) for n, row in rows if row.who < EVERYONE
    }


def _some(role: str, method: str) -> list[Address]:
    """Return the addresses that a role opens every day by a method: of each one who may or one who may not, by turns.

    And the first address of each mark that refuses it.
    """
    some, marks = list[Address](), set[Mark]()
    for turn, address in enumerate(addresses()):
        who, mark = ROWS[address.name].who, _mark(address)
        is_refused_first = role not in who and mark not in marks
        alike = [each for each in WALKERS if (each in who) == (role in who)]
        has_turn = (turn + METHODS.index(method) + (role in who)) % 2 == 0
        if is_refused_first or (has_turn and alike[turn % len(alike)] == role):
            some.append(address)
        if is_refused_first:
            marks.add(mark)
    return some


def _mark(address: Address) -> Mark:
    return mark_of(address.view) or MARKS[address.name]


def _lets_in(address: Address, role: str) -> bool:
    permission = _mark(address).permission
    return permission is None or role in permission.roles


def _open(client: Client, method: str, address: Address, request: pytest.FixtureRequest) -> HttpResponse:
    """Ask for an address and undo whatever that did."""
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # as Django marks the one around a test
    with around:
        path = address.path(ROWS[address.name], request.getfixturevalue)
        response: HttpResponse = getattr(client, method)(path, follow=False)
        transaction.set_rollback(True)
    return response


def _expected(role: str, name: str) -> str:
    if role in ROWS[name].who:
        return "open"
    return "to sign-in" if role == "visitor" else "refused"


def _verdict(response: HttpResponse, address: Address) -> str:
    if response.status_code == 403:
        return "refused"
    if response.status_code == 500:
        return "broken"
    goes_to_entrance = response.headers.get("Location", "").startswith(tuple(reverse(name) for name in ENTRANCES))
    if goes_to_entrance and not ROWS[address.name].begins:
        return "to sign-in"
    return "open"


def test_everyone_is_everyone() -> None:
    assert frozenset({*ROLES, "visitor"}) == EVERYONE
