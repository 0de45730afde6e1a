"""A card shows where was searched, the call, all entries folded and counted, and the person's usual week."""

import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from audit.console.entry import MOST_BESIDE, ids_beside
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.review import selectors
from fusus_portal.oversight.review.models import ReviewCard, ReviewWeek
from fusus_portal.oversight.review.selectors import WEEKS_BEFORE
from registry.canvasses.models import Canvass
from registry.canvasses.services import canvasses
from registry.incidents.models import Incident
from tests.factories import LINN_PARK, RADIUS_M, draft_of, incident_at, north_of, registrant_at, wanted_of
from tests.oversight.review.reviewing import close_incidents, drawn, flag_of, read, searches

pytestmark = pytest.mark.django_db


def card_of_cameras(*cameras: int, by: User) -> ReviewCard:
    """Return the card of a search that found so many cameras of each owner."""
    for number, each in enumerate(cameras):
        registrant_at(north_of(LINN_PARK, number), cameras=each)
    draft_of(incident_at(by=by), by=by)
    return drawn().cards.get()


def on_page(page: str, name: str) -> list[dict[str, object]]:
    """Return a list that a page has for its map."""
    found = re.search(rf'id="{name}" type="application/json">(.*?)</script>', page)
    assert found
    return list(json.loads(found[1]))


def test_it_counts_cameras_and_owners_of_one_search(auditor_client: Client, deputy: User) -> None:
    card = card_of_cameras(3, 1, by=deputy)
    page = read(auditor_client, "review_card", card.pk)
    assert "4 cameras of 2 owners; 3 of one" in page


def test_a_camera_that_left_the_registry_is_counted_and_said_to_be_gone(auditor: User, deputy: User) -> None:
    card = card_of_cameras(2, by=deputy)
    folds = selectors.evidence_of_card(card).folds
    found = next(fold for fold in folds if fold.first.event == "registry:camera:find")
    assert (found.cameras, list(found.owners), found.gone) == (2, [2], 0)
    gone = selectors.Fold(found.first, found.last_at, 2, 2, [1])
    assert gone.gone == 1


def test_its_map_has_the_call_and_the_searched_area_and_no_camera(auditor_client: Client, deputy: User) -> None:
    card = card_of_cameras(2, by=deputy)
    page = read(auditor_client, "review_card", card.pk)
    canvass, incident = Canvass.objects.get(), Incident.objects.get()
    [area], [place] = on_page(page, "areas"), on_page(page, "places")
    assert area["radius"] == canvass.radius_m
    assert place["kind"] == "incident"
    assert incident.number in str(place["label"])


def test_the_map_says_that_an_area_was_drawn_anew(auditor_client: Client, deputy: User) -> None:
    card = card_of_cameras(1, by=deputy)
    assert "drawn anew later" not in read(auditor_client, "review_card", card.pk)
    canvass = Canvass.objects.select_related("incident").get()
    canvasses.change(canvass=canvass, by=deputy, wanted=wanted_of(canvass.incident, radius_m=RADIUS_M / 2))
    assert "drawn anew later" in read(auditor_client, "review_card", card.pk)


def test_the_call_stands_beside_it_with_who_confirmed_it(auditor_client: Client, deputy: User) -> None:
    registrant_at()
    for verified in (False, True):
        draft_of(incident_at(by=deputy, verified=verified), by=deputy)
    pages = [read(auditor_client, "review_card", card.pk) for card in drawn().cards.all()]
    assert sorted("Nobody has verified it." in page for page in pages) == [False, True]
    assert sorted(" verified it, " in page for page in pages) == [False, True]
    assert all(f"{deputy.pseudonym} opened it" in page for page in pages)


@pytest.mark.django_db(transaction=True)
def test_it_says_that_a_large_act_is_not_shown_whole_and_counts_all_of_it(auditor_client: Client, deputy: User) -> None:
    card = card_of_cameras(MOST_BESIDE + 5, by=deputy)
    further = len(ids_beside(AuditEntry.objects.get(pk=card.entries[0])))
    page = read(auditor_client, "review_card", card.pk)
    assert further > MOST_BESIDE
    assert f"{MOST_BESIDE} of {further} further entries of this act are shown here." in page
    assert page.count('id="entry-') == 1 + MOST_BESIDE
    assert f"{MOST_BESIDE + 5} cameras of 1 owner" in page


def test_a_usual_week_is_the_mean_of_the_weeks_before(deputy: User) -> None:
    card = card_of_cameras(1, by=deputy)
    this = selectors.usual_week(card)
    assert this is not None
    own, usual = this
    assert (sum(own), own[timezone.localdate().weekday()], sum(usual)) == (1, 1, 0)
    later = ReviewWeek(
        begins_at=card.week.week.next().begin, ends_at=card.week.week.next().end, seeded_at=card.week.seeded_at
    )
    after = selectors.usual_week(ReviewCard(week=later, account=deputy))
    assert after is not None
    assert tuple(map(sum, after)) == (0, 1 / WEEKS_BEFORE)
    assert selectors.usual_week(ReviewCard(week=later)) is None


def test_the_list_says_what_each_card_is_about(auditor_client: Client, reviewer_client: Client, deputy: User) -> None:
    entries = searches(1, by=deputy)
    week = drawn(flag_of(entries))
    incident = Incident.objects.get()
    page = read(auditor_client, "review_week", week.pk)
    assert f"Search · {incident.number} · {incident.type} · 1 camera · " in page
    assert "Searches and views at hours at which this person did not work in the months before: 1." in page
    close_incidents()
    outside = read(reviewer_client, "review_week", week.pk)
    assert "Search · fewer than 5 cameras · " in outside
    assert "in the months before: fewer than 5." in outside
    assert incident.number not in outside


@pytest.mark.parametrize(
    ("owners", "said"),
    [(6, "6 cameras of 6 owners"), (2, "fewer than 5 cameras of fewer than 5 owners")],
)
def test_outside_reads_counts_but_no_small_one(reviewer_client: Client, deputy: User, owners: int, said: str) -> None:
    card = card_of_cameras(*[1] * owners, by=deputy)
    close_incidents()
    page = read(reviewer_client, "review_card", card.pk)
    assert said in page
    assert 'id="areas"' not in page
    assert " of one" not in page
    assert f"{timezone.localdate():%Y}" in page
