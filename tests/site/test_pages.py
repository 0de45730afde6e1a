"""The pages for everyone: what they say, what they cost, and that they need nobody else."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from fusus_portal.ground.agency.models import Agency
from fusus_portal.promises import PROMISES
from tests.audit.ledger.conftest import write_entries
from tests.sealed_log import SealedLog

PAGES = ["home", "how_it_works", "faq", "transparency", "shop", "register"]
MOST_QUERIES = 5
MORE = {"transparency": 2}
"""Further queries of a page: whether a weekly review is late, and which annual reports there are."""


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_public_page_needs_a_few_queries(
    name: str,
    language: str,
    resident_client: Client,
    visitor_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    reader = visitor_client if name == "register" else resident_client
    reader.cookies["django_language"] = language
    with django_assert_max_num_queries(MOST_QUERIES + MORE.get(name, 0)):
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
def test_an_empty_shop_says_that_nothing_is_on_sale(visitor_client: Client) -> None:
    assert "Nothing is on sale yet" in visitor_client.get(reverse("shop")).content.decode()


@pytest.mark.django_db
def test_orders_are_for_businesses(visitor_client: Client, resident_client: Client, business_client: Client) -> None:
    assert visitor_client.get(reverse("orders")).status_code == 302
    assert resident_client.get(reverse("orders")).status_code == 403
    assert "You have no orders" in business_client.get(reverse("orders")).content.decode()


@pytest.mark.django_db
def test_the_colors_come_from_the_agency(visitor_client: Client) -> None:
    Agency.objects.update(color_primary="#123456", color_accent="#654321")
    answer = visitor_client.get(reverse("theme_css"))
    assert answer["Content-Type"].startswith("text/css")
    assert "#123456" in answer.content.decode()
    assert "#654321" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_new_log_has_its_first_place(sealed_log: SealedLog, visitor_client: Client) -> None:
    write_entries(1)
    sealed_log.seal_and_publish()
    assert ">The first place<" in visitor_client.get(reverse("transparency")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_report_says_how_to_check_the_log(
    sealed_log: SealedLog, visitor_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    assert "The first state is published at" in visitor_client.get(reverse("transparency")).content.decode()
    write_entries(3)
    sealed_log.seal_and_publish()
    with django_assert_max_num_queries(MOST_QUERIES + MORE["transparency"]):
        page = visitor_client.get(reverse("transparency")).content.decode()
    assert "The first 3 places" in page
    assert escape(str(sealed_log.signer.verifier)) in page
    assert "python3 verifier.py http://localhost:8000/ledger<" in page
    for name in ("ledger_checkpoint", "ledger_key", "ledger_verifier"):
        assert f'href="{reverse(name)}"' in page
