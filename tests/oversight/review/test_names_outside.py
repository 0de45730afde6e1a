"""A reviewer from outside reads no badge name that owners read, and no time of day, on any page or in any file.

Owners read badge names with times. A reviewer who knows an owner, or is one, would tell from either who it was.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.oversight.review.models import CardKind, ReviewCard, ReviewWeek
from fusus_portal.oversight.review.presenters.readers import Reader
from fusus_portal.oversight.review.services import reviews
from tests.access.addresses import addresses
from tests.access.urls import ROWS
from tests.factories import person
from tests.looks.walk import text_of
from tests.oversight.review.reviewing import FOLLOW_UP, close_incidents, drawn, flag_of, read, searches, seen
from tests.people import sign_in
from tests.times import TIME_OF_DAY

pytestmark = pytest.mark.django_db

BADGE = re.compile(r"\b(?:Deputy|Supervisor|Auditor|Clerk|Administrator|Reviewer) [A-Z]\d[A-Z]\d\b")
TIME = re.compile(rf"\b\d{{1,2}}:\d\d|\b{TIME_OF_DAY}")
NAME = re.compile(r"Person [A-Z0-9]{6}\b")
OWN = ("account", "mfa", "usersessions", "push", "stay_signed_in", "system_use_notice")
"""Pages of one's own account: with one's own name, and when one signed in."""


class Shown(HTMLParser):
    """Texts of a page, and its attributes that people hear or hover over."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what an element says besides its text."""
        self.said += [value or "" for name, value in attrs if name in {"title", "aria-label", "datetime", "alt"}]

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.said.append(data)


def shown(page: str) -> str:
    reader = Shown()
    reader.feed(page)
    return " ".join(" ".join(reader.said).split())


@pytest.fixture
def week(deputy: User) -> ReviewWeek:
    """Return a week that is signed, with each kind of card, decided, asked and found by auditors who name badges."""
    auditor, other = person(Role.AUDITOR), person(Role.DEPUTY)
    entries = [*searches(3, by=deputy), *searches(2, by=other)]
    made = drawn(flag_of(entries[:3]), flag_of(entries[3:]))
    close_incidents()
    first, *others = made.cards.all()
    note = f"{deputy.pseudonym} searched at 11:42 p.m. and again at 23:58:07.31, {other.pseudonym} did not."
    day = timezone.localdate() + timedelta(days=14)
    reviews.ask_question(card=seen(first, auditor), by=auditor, text=f"Why at 11:42 p.m., {deputy.pseudonym}?")
    reviews.make_finding(card=seen(first, auditor), by=auditor, note=note, follow_up=FOLLOW_UP, due_on=day)
    for each in others:
        reviews.say_fine(card=seen(each, auditor), by=auditor)
    return reviews.sign_week(week=made, by=auditor)


def pages(week: ReviewWeek) -> Iterator[tuple[str, str]]:
    """Yield the name and a path of each address of the console that a reviewer may open, with what it may name."""
    things = {"weeks": [week.pk], "cards": list(week.cards.values_list("pk", flat=True))}
    for address in addresses():
        if address.route.startswith("console/") and Role.REVIEWER in ROWS[address.name].who:
            for chosen in product(*(things.get(word, []) for word in address.words)):
                yield address.name, reverse(address.name, args=chosen)


def test_no_page_and_no_file_has_a_badge_name_or_a_time_of_day(
    week: ReviewWeek, reviewer: User, reviewer_client: Client
) -> None:
    told: dict[str, set[str]] = {}
    visited = set()
    for name, path in pages(week):
        if not name.startswith(OWN):
            answer = reviewer_client.get(path)
            visited.add((name, answer.status_code))
            said = shown(text_of(answer)).replace(reviewer.pseudonym, "")
            found = {*BADGE.findall(said), *TIME.findall(said)}
            told |= {name: found} if found else {}
    assert {("review", 200), ("review_week", 200), ("review_card", 200), ("console", 200)} <= visited
    assert told == {}


def test_nor_has_the_page_of_a_finding_that_a_reviewer_makes(
    reviewer: User, reviewer_client: Client, deputy: User
) -> None:
    searches(by=deputy)
    card = drawn().cards.get()
    close_incidents()
    read(reviewer_client, "review_card", card.pk)
    page = shown(read(reviewer_client, "review_find", card.pk)).replace(reviewer.pseudonym, "")
    assert BADGE.findall(page) == []
    assert NAME.findall(page)


def test_a_person_has_one_name_on_all_pages_of_a_review(
    week: ReviewWeek, deputy: User, reviewer_client: Client
) -> None:
    theirs = [card for card in week.cards.all() if card.person == deputy.pseudonym]
    assert {card.kind for card in theirs} == {CardKind.SAMPLE, CardKind.FLAG}
    (name,) = {name for card in theirs for name in names_in(reviewer_client, card)}
    assert name in read(reviewer_client, "review_week", week.pk)
    others = {name for card in week.cards.exclude(person=deputy.pseudonym) for name in names_in(reviewer_client, card)}
    assert others
    assert name not in others


def names_in(browser: Client, card: ReviewCard) -> set[str]:
    """Return whom the heading of a card names."""
    heading = read(browser, "review_card", card.pk).partition("<h1>")[2].partition("</h1>")[0]
    return set(NAME.findall(heading))


def test_and_another_one_in_another_review(deputy: User) -> None:
    weeks = [ReviewWeek(), ReviewWeek()]
    names = {Reader(week, is_inside=False).name(deputy.pseudonym) for week in weeks}
    assert len(names) == 2
    assert deputy.pseudonym.rpartition(" ")[2] not in " ".join(names)
    moved = deputy.pseudonym.replace("Deputy", "Supervisor")
    assert len({Reader(weeks[0], is_inside=False).name(each) for each in (deputy.pseudonym, moved)}) == 1


def test_auditors_read_badge_names_and_times(week: ReviewWeek, deputy: User, auditor: User) -> None:
    browser = sign_in(auditor)
    card = week.cards.filter(person=deputy.pseudonym)[0]
    page = read(browser, "review_card", card.pk)
    assert deputy.pseudonym in page
    assert TIME.search(shown(page))
    assert not NAME.search(page)
