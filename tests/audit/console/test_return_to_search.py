"""From whatever an auditor opens, there is a way back to the search that they came from, at its page and entry."""

import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from audit.console import services
from audit.console.models import LogPrint
from audit.log.models import AuditEntry
from tests.audit.console.conftest import KIM, write

pytestmark = pytest.mark.django_db

LOG = reverse("audit")
NEXT = 'rel="next"'


@pytest.fixture
def searched(auditor_client: Client, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address of the second page of a search for all that Kim did."""
    monkeypatch.setattr(services, "PAGE_ENTRIES", 2)
    for _ in range(5):
        write()
    first = page_at(auditor_client, f"{LOG}?actor={KIM.id}")
    return LOG + link_with(first, NEXT)


def page_at(client: Client, address: str) -> str:
    """Return the text of a page."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def link_with(page: str, words: str) -> str:
    """Return where the link leads that has these words inside its tag."""
    tag = next(tag for tag in re.findall(r"<a [^>]*>", page) if words in tag)
    found = re.search(r'href="([^"]*)"', tag)
    assert found
    return unescape(found[1])


def entry_links(page: str) -> list[str]:
    """Return where the links to entries lead, those of the table first."""
    return [unescape(link) for link in re.findall(r'href="(/console/audit/\d+/[^"]*)"', page) if "receipt" not in link]


def same(address: str, other: str) -> bool:
    """Tell whether two addresses ask for the same."""
    one, two = urlsplit(address), urlsplit(other)
    return (one.path, parse_qs(one.query)) == (two.path, parse_qs(two.query))


def number_in(link: str) -> str:
    """Return the number of the entry that a link leads to."""
    return link.split("/")[3]


@pytest.mark.parametrize("nonsense", ["", "&before=x"])
def test_a_page_shows_what_is_older_and_without_a_place_the_newest(
    nonsense: str, searched: str, auditor_client: Client
) -> None:
    pages = [page_at(auditor_client, address) for address in (f"{LOG}?actor={KIM.id}{nonsense}", searched)]
    shown = [[int(number_in(link)) for link in entry_links(page)] for page in pages]
    kims = AuditEntry.objects.filter(actor_id=KIM.id).order_by("-pk").values_list("pk", flat=True)
    assert shown == [list(kims[:2]), list(kims[2:4])]


def test_an_entry_leads_back_to_its_line_of_the_page(searched: str, auditor_client: Client) -> None:
    for link in entry_links(page_at(auditor_client, searched)):
        back = link_with(page_at(auditor_client, link), "back-link")
        assert same(back, searched)
        assert urlsplit(back).fragment == f"entry-{number_in(link)}"
        assert f'<tr id="{urlsplit(back).fragment}">' in page_at(auditor_client, back)


def test_so_does_a_check_and_an_entry_beside_it(searched: str, auditor_client: Client) -> None:
    link = entry_links(page_at(auditor_client, searched))[0]
    page = page_at(auditor_client, link)
    form = next(tag for tag in re.findall(r"<form [^>]*>", page) if "/check/" in tag)
    action = unescape(re.search(r'action="([^"]*)"', form)[1])  # type: ignore[index]
    checked = auditor_client.post(action).content.decode()
    assert same(link_with(checked, "back-link"), searched)
    beside = [other for other in entry_links(page) if number_in(other) != number_in(link)]
    assert beside
    for other in beside:
        assert same(link_with(page_at(auditor_client, other), "back-link"), searched)


def test_without_a_search_an_entry_leads_to_the_log(auditor_client: Client) -> None:
    written = write()
    back = link_with(page_at(auditor_client, reverse("audit_entry", args=[written.pk])), "back-link")
    assert back == f"{LOG}#entry-{written.pk}"


def test_taking_along_and_a_print_lead_back_to_the_page(searched: str, auditor_client: Client) -> None:
    take = link_with(page_at(auditor_client, searched), reverse("audit_take"))
    assert same(link_with(page_at(auditor_client, take), "back-link"), searched)
    asked = auditor_client.post(take, {"form": "pdf"})
    assert asked.status_code == 302
    assert LogPrint.objects.get().entries == list(
        AuditEntry.objects.filter(actor_id=KIM.id).order_by("-pk").values_list("pk", flat=True)
    )
    assert same(link_with(page_at(auditor_client, asked["Location"]), "back-link"), searched)


def test_a_bar_of_the_timeline_leads_back_to_the_whole_time(searched: str, auditor_client: Client) -> None:
    whole = f"{LOG}?actor={KIM.id}&since=2026-01-01"
    page = page_at(auditor_client, whole)
    narrowed = page_at(auditor_client, f"{LOG}{link_with(page, 'until=')}")
    assert same(link_with(narrowed, "back-link"), whole)
    older = page_at(auditor_client, LOG + link_with(narrowed, NEXT))
    assert same(link_with(older, "back-link"), whole)


@pytest.mark.parametrize("search", ["https://elsewhere.example/", "next=//elsewhere.example", "x" * 9_000, "&%zz="])
def test_nothing_but_a_search_is_carried(search: str, auditor_client: Client) -> None:
    written = write()
    carried = urlencode({"search": search})
    back = link_with(page_at(auditor_client, f"{reverse('audit_entry', args=[written.pk])}?{carried}"), "back-link")
    assert back == f"{LOG}#entry-{written.pk}"
