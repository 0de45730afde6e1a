"""The pages for everyone: what they say, what they cost, and that they need nobody else."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from fusus_portal.agency.models import Agency
from fusus_portal.promises import PROMISES

PAGES = ["home", "how_it_works", "faq", "transparency", "shop", "register"]
MOST_QUERIES = 5


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_public_page_needs_at_most_five_queries(
    name: str,
    language: str,
    resident_client: Client,
    visitor_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    reader = visitor_client if name == "register" else resident_client
    reader.cookies["django_language"] = language
    with django_assert_max_num_queries(MOST_QUERIES):
        page = reader.get(reverse(name))
    assert f'<html lang="{language}">' in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_a_public_page_loads_nothing_from_elsewhere(name: str, visitor_client: Client) -> None:
    html = visitor_client.get(reverse(name), follow=True).content.decode()
    loaded = re.findall(r'<(?:link|script|img|source|iframe)[^>]+(?:href|src)="([^"]+)"', html)
    assert loaded
    assert [address for address in loaded if not address.startswith("/")] == []


@pytest.mark.django_db
def test_the_questions_are_the_table_of_promises(visitor_client: Client) -> None:
    html = visitor_client.get(reverse("faq")).content.decode()
    shown = re.findall(r'id="([RIB]\d+)"', html)
    assert sorted(shown) == sorted(promise.key for promise in PROMISES)


@pytest.mark.django_db
def test_a_promise_whose_part_is_not_built_says_so(visitor_client: Client) -> None:
    html = visitor_client.get(reverse("faq")).content.decode()
    parts = dict(re.findall(r'<details.*?id="([RIB]\d+)">(.*?)</details>', html, flags=re.DOTALL))
    planned = {key for key, part in parts.items() if "Not open yet" in part}
    assert planned == {promise.key for promise in PROMISES if promise.is_planned}
    assert {"I2", "B3"} <= planned


@pytest.mark.django_db
def test_the_shop_says_that_nothing_is_on_sale(visitor_client: Client) -> None:
    assert "No CORE is on sale yet" in visitor_client.get(reverse("shop")).content.decode()


@pytest.mark.django_db
def test_orders_are_for_businesses(visitor_client: Client, resident_client: Client, business_client: Client) -> None:
    assert visitor_client.get(reverse("orders")).status_code == 302
    assert resident_client.get(reverse("orders")).status_code == 403
    assert "No CORE is on sale yet" in business_client.get(reverse("orders")).content.decode()


@pytest.mark.django_db
def test_the_colors_come_from_the_agency(visitor_client: Client) -> None:
    Agency.objects.update(color_primary="#123456", color_accent="#654321")
    answer = visitor_client.get(reverse("theme_css"))
    assert answer["Content-Type"].startswith("text/css")
    assert "#123456" in answer.content.decode()
    assert "#654321" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/core/v1/"),
        ("post", "/core/v1/orders"),
        ("post", "/payments/webhook/"),
        ("get", "/ledger/checkpoint"),
        ("get", "/ledger/tile/0/000"),
        ("get", "/ledger/key"),
    ],
)
def test_a_machine_is_told_what_is_not_in_service(method: str, address: str) -> None:
    machine = Client(enforce_csrf_checks=True)
    answer = getattr(machine, method)(address)
    assert answer.status_code == 503
    assert re.search(r"not in service|not published yet", answer.content.decode())
    assert "no-store" in answer["Cache-Control"]
