"""Pages show the agency's row as it is now, by one query, and a phone number even without a database."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import selectors, services
from fusus_portal.ground.agency.first_values import first_values
from fusus_portal.ground.agency.models import Agency, contrast, tint

pytestmark = pytest.mark.django_db


def test_it_begins_with_the_settings() -> None:
    row = Agency.current()
    assert {name: getattr(row, name) for name in first_values()} == first_values()
    row.full_clean()
    assert Agency.history.count() == 1


def test_there_is_never_a_second_row() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.create(**first_values())


@pytest.mark.parametrize(
    ("name", "others"), [("home", 1), ("how_it_works", 0), ("faq", 2), ("shop", 1), ("transparency", 4)]
)
def test_a_public_page_costs_one_query_for_it(name: str, others: int, visitor_client: Client) -> None:
    """Home and FAQ ask for the released figures, the FAQ for the promises; the report for log, reviews and years."""
    with CaptureQueriesContext(connection) as captured:
        visitor_client.get(reverse(name))
    assert len([row["sql"] for row in captured if "agency_agency" not in row["sql"]]) == others
    assert len(captured) == 1 + others


def test_a_change_shows_on_the_next_page(visitor_client: Client) -> None:
    before = visitor_client.get(reverse("home")).content.decode()
    Agency.objects.update(name="Shelby County Sheriff's Office", phone="205-555-0166", revision=2)
    after = visitor_client.get(reverse("home")).content.decode()
    assert "Shelby County" not in before
    assert "Shelby County Sheriff&#x27;s Office" in after
    assert "205-555-0166" in after
    assert f"{reverse('theme_css')}?2" in after


def test_a_change_counts_within_the_request_that_made_it(administrator: User) -> None:
    Agency.objects.update(seal="ab" * 32)
    with selectors.read_once():
        assert "ab" * 32 in selectors.words()["seal_url"]
        row = services.change_agency(by=administrator, revision=Agency.current().revision, name="Shelby County")
        assert selectors.words()["name"] == "Shelby County"
        services.change_seal(by=administrator, revision=row.revision, seal="")
        assert "ab" * 32 not in selectors.words()["seal_url"]


def test_after_the_request_it_is_read_again() -> None:
    with selectors.read_once():
        selectors.words()
    Agency.objects.update(name="Shelby County")
    assert selectors.words()["name"] == "Shelby County"


def test_what_stands_in_the_row_is_escaped(visitor_client: Client) -> None:
    Agency.objects.update(name="<script>alert(1)</script>", social_urls={"<b>": "https://sheriff.example/?<i>"})
    page = visitor_client.get(reverse("home")).content.decode()
    assert "<script>alert" not in page
    assert "<b>" not in page
    assert "?<i>" not in page


def test_an_error_page_names_the_agency_while_the_database_is_away(
    visitor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Agency.objects.update(phone="205-555-0177")
    assert "205-555-0177" in visitor_client.get(reverse("home")).content.decode()

    def gone() -> Agency:
        raise DatabaseError

    monkeypatch.setattr(Agency, "current", gone)
    assert "205-555-0177" in visitor_client.get("/no-such-page/").content.decode()
    selectors._latest.clear()
    assert str(first_values()["phone"]) in visitor_client.get("/no-such-page/").content.decode()


def test_the_row_is_read_once_for_a_request_and_anew_after_a_change() -> None:
    with selectors.read_once(), CaptureQueriesContext(connection) as captured:
        assert selectors.shown() is selectors.shown()
        Agency.objects.update(name="Another Office")
        selectors.read_anew()
        assert selectors.shown().name == "Another Office"
    assert len([row for row in captured if row["sql"].startswith("SELECT")]) == 2


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#abcdef", "#abcdef", 1.0)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.01)


def test_the_pale_ground_is_what_the_stylesheet_mixes() -> None:
    assert tint("#000000") == "#e0e0e0"
    assert tint("#ffffff") == "#ffffff"
