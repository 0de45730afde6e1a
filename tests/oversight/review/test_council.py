"""The paper of a week that a council reads, and the page before the signature."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency.models import Agency
from fusus_portal.oversight.figures.definitions import FEWEST
from fusus_portal.oversight.review import selectors
from fusus_portal.oversight.review.models import CardKind, ReviewCard, ReviewPaper, ReviewWeek
from fusus_portal.oversight.review.presenters import weeks
from fusus_portal.oversight.review.services import reviews
from registry.access_log.models import LookDelay
from registry.incidents.models import Incident
from registry.places.models import Camera
from tests.factories import person
from tests.oversight.review.reviewing import (
    FOLLOW_UP,
    card_of_search,
    close_incidents,
    drawn,
    finding_of,
    flag_of,
    read,
    searches,
    seen,
)

pytestmark = pytest.mark.django_db


def decided(week: ReviewWeek, auditor: User, *, note: str = "") -> ReviewWeek:
    """Sign a week whose cards are fine, but for a finding of the first with this note."""
    for number, drawn_card in enumerate(week.cards.all()):
        card = seen(drawn_card, auditor)
        if note and number == 0:
            day = timezone.localdate() + timedelta(days=14)
            reviews.make_finding(card=card, by=auditor, note=note, follow_up=FOLLOW_UP, due_on=day)
        else:
            reviews.say_fine(card=card, by=auditor)
    return reviews.sign_week(week=week, by=auditor)


def paper(client: Client, week: ReviewWeek) -> str:
    content = client.get(reverse("review_council", args=[week.pk])).content
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_a_council_reads_office_week_draw_counts_and_findings_with_their_days(
    auditor: User, reviewer_client: Client, deputy: User
) -> None:
    week = drawn(flag_of(searches(6, by=deputy)))
    close_incidents()
    number = Incident.objects.all()[0].number
    decided(week, auditor, note=f"{deputy.pseudonym} searched twice for {number} at 11:42 p.m. without a reason.")
    said = paper(reviewer_client, week)
    due: date = timezone.localdate() + timedelta(days=14)
    for words in (
        Agency.current().name,
        "20 acts of the week are drawn at random",
        "7 cards were looked at and decided.",
        "6 cards were fine. 1 finding was made.",
        "a person of the office searched twice for (an incident) at (a time) without a reason.",
        f"{FOLLOW_UP} By {due:%b}",
        f"{due.day}, {due.year}",
    ):
        assert words in said, said
    for secret in (deputy.pseudonym, auditor.pseudonym, number, Incident.objects.all()[0].place):
        assert secret not in said
    taken = AuditEntry.objects.get(event="audit:review:council")
    assert (taken.outcome, taken.subject_id) == ("done", str(week.pk))
    assert AuditEntry.objects.get(event="audit:review:sign").facts["council_sha256"]


def test_it_tells_of_no_open_incident(auditor: User, auditor_client: Client, deputy: User) -> None:
    week = decided(
        drawn(*[flag_of([each]) for each in searches(3, by=deputy)]), auditor, note="The reason was missing."
    )
    said = paper(auditor_client, week)
    assert "The reason was missing." not in said
    assert "1 finding can't be printed yet." in said


def test_nor_of_an_act_that_an_owner_reads_later(auditor: User, auditor_client: Client) -> None:
    card = card_of_search()
    close_incidents()
    camera, now = Camera.objects.select_related("premises__registrant").get(), timezone.now()
    LookDelay.objects.create(
        registrant=camera.premises.registrant,
        incident=Incident.objects.get(),
        camera=camera,
        reason="The owner is a suspect.",
        placed_by=person(Role.SUPERVISOR),
        starts_at=now,
        ends_at=now + timedelta(days=30),
    )
    assert selectors.cards_with_delayed_acts([card]) == {card.pk}
    decided(card.week, auditor, note="The reason was missing.")
    said = paper(auditor_client, card.week)
    assert "The reason was missing." not in said
    assert "Fewer than 5 cards were looked at" in said
    assert "0 cards were fine" not in said


@pytest.mark.parametrize(
    ("flags", "acts", "rows"),
    [
        (6, 14, [("Searches and requests", "14"), ("What stood out", "6")]),
        (2, 14, []),
        (5, 3, []),
        (0, 14, [("Searches and requests", "14")]),
    ],
)
def test_no_kind_of_card_has_a_small_number_nor_one_that_subtraction_finds(
    monkeypatch: pytest.MonkeyPatch, flags: int, acts: int, rows: list[tuple[str, str]]
) -> None:
    cards = [ReviewCard(kind=CardKind.FLAG) for _number in range(flags)]
    cards += [ReviewCard(kind=CardKind.SAMPLE) for _number in range(acts)]
    entry = AuditEntry(event="registry:canvass:draft")
    monkeypatch.setattr(
        selectors, "first_entries_of_cards", lambda shown: {card.pk: entry for card in shown if not card.flag}
    )
    found = weeks._council_kinds(cards, len(cards))
    assert found == rows
    assert all(int(number) >= FEWEST for _kind, number in found)


def test_before_the_signature_nobody_takes_it_and_acting_people_never(
    auditor_client: Client, auditor: User, deputy_client: Client
) -> None:
    week = drawn()
    page = reverse("review_council", args=[week.pk])
    assert auditor_client.get(page).status_code == 404
    reviews.sign_week(week=week, by=auditor)
    assert deputy_client.get(page).status_code == 403
    assert auditor_client.get(page)["Content-Type"] == "application/pdf"
    assert not ReviewPaper.objects.filter(council=b"").exists()


def test_a_week_without_acts_is_signed_as_such(auditor: User, auditor_client: Client) -> None:
    week = drawn()
    page = read(auditor_client, "review_sign", week.pk)
    for words in ("Nobody searched, asked, viewed", "You sign that.", "Nobody made a finding.", "Nothing stays open."):
        assert words in page
    reviews.sign_week(week=week, by=auditor)
    assert "Nobody searched, asked, viewed, played or downloaded anything in this week" in paper(auditor_client, week)


def test_before_the_signature_one_reads_findings_and_what_stays_open(auditor: User, auditor_client: Client) -> None:
    finding = finding_of()
    page = read(auditor_client, "review_sign", finding.card.week_id)
    for words in (
        finding.note,
        "1 finding of this week is to be followed up.",
        "1 card has to do with an incident that is still open.",
        "0 cards were fine. 1 finding was made.",
    ):
        assert words in page
