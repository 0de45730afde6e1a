"""An auditor's week by keyboard: queue, evidence, question, answer, finding, PDF, and what the public reads."""

from hashlib import sha256
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency.models import Agency
from fusus_portal.oversight.review.models import ReviewCard, ReviewExplanation, ReviewQuestion, ReviewWeek
from fusus_portal.oversight.review.services import reviews as review
from tests.accounts.codes import app_code
from tests.browser.conftest import OpenWindow
from tests.browser.mailbox import Mailbox
from tests.browser.sizes import DESKTOP, HANDHELD, TABLET, Size
from tests.browser.test_keyboard import enters, types
from tests.browser.window import Window
from tests.database.clone import Clone
from tests.oversight.review.reviewing import (
    ANSWER,
    FOLLOW_UP,
    NOTE,
    QUESTION,
    close_incidents,
    drawn,
    flag_of,
    searches,
    seen,
)
from tests.people import PASSWORD, make_person

pytestmark = pytest.mark.browser


@pytest.fixture
def week(deputy: User, portal_db: Clone) -> ReviewWeek:
    """Return a week with a flag and two searches of a deputy."""
    return drawn(flag_of(searches(2, by=deputy)))


@pytest.fixture
def auditor(portal_db: Clone) -> User:
    return make_person(Role.AUDITOR, "mika@sheriff.example", name="Mika Brandt")


@pytest.mark.parametrize("size", [DESKTOP, pytest.param(TABLET, marks=pytest.mark.long)], ids=["desktop", "tablet"])
def test_an_auditors_week_takes_keys_alone(
    size: Size, auditor: User, week: ReviewWeek, open_window: OpenWindow, mailbox: Mailbox
) -> None:
    desk = open_window("auditor", size=size)
    desk.is_signed_in_as(auditor)
    when_they_find_the_second_card_fine(desk)
    when_they_ask_about_the_flag(desk)
    then_the_deputy_is_told_and_answers(open_window("deputy"), mailbox)
    when_they_read_the_answer_and_make_a_finding(desk, week)
    then_the_week_is_signed_with_its_pdf(desk, week)
    then_everybody_reads_that_it_was_done(open_window("anyone", size=HANDHELD), week)


def presses(desk: Window, *keys: str) -> None:
    desk.page.wait_for_load_state()  # what listens to keys comes behind what can be read
    for key in keys:
        desk.page.keyboard.press(key)


def when_they_find_the_second_card_fine(desk: Window) -> None:
    desk.open("/console/audit/review/")
    desk.arrives("Weekly review")
    desk.reads("0 of 3 cards are done")
    presses(desk, "j", "j", "j", "k", "Enter")
    desk.arrives("Random sample")
    desk.reads("Card 2 of 3")
    desk.reads("prepared a canvass")
    presses(desk, "f")
    desk.reads("Card 3 of 3")
    presses(desk, "k")
    desk.reads("Card 2 of 3")
    presses(desk, "k")
    desk.reads("Card 1 of 3")


def when_they_ask_about_the_flag(desk: Window) -> None:
    desk.arrives("At hours that are unusual for this person")
    presses(desk, "a")
    desk.arrives("Ask about this card")
    types(desk, "Your question", QUESTION)
    enters(desk, "Send the question")
    desk.reads("Card 3 of 3")
    presses(desk, "f")
    desk.reads("2 of 3 cards are done")


def then_the_deputy_is_told_and_answers(own: Window, mailbox: Mailbox) -> None:
    question = ReviewQuestion.objects.select_related("person").get()
    link = mailbox.wait_for(question.person.email, r"/console/questions/\S+")
    assert str(question.pk) in link
    own.is_signed_in_as(question.person)
    own.open("/console/")
    own.reads("An auditor asks you something")
    own.open("/console/questions/")
    own.arrives("Questions to you")
    own.open(link)
    own.arrives("A question to you")
    own.reads(QUESTION)
    types(own, "Your answer", ANSWER)
    enters(own, "Send the answer")
    own.arrives("Questions to you")
    own.reads("Answered")


def when_they_read_the_answer_and_make_a_finding(desk: Window, week: ReviewWeek) -> None:
    desk.open(f"/console/audit/review/weeks/{week.pk}/")
    presses(desk, "Enter")
    desk.reads(ANSWER)
    desk.looks()
    presses(desk, "g")
    desk.arrives("Make a finding")
    types(desk, "What you found", NOTE)
    types(desk, "What follows, and who does it", FOLLOW_UP)
    presses(desk, "Tab")
    desk.page.keyboard.type(f"{timezone.localdate():%m%d%Y}")
    enters(desk, "Write the finding down")
    desk.reads("3 of 3 cards are done")


def then_the_week_is_signed_with_its_pdf(desk: Window, week: ReviewWeek) -> None:
    enters(desk, "Sign the week")
    desk.arrives("Sign the week")
    enters(desk, "Sign the week")
    desk.reads("Signed by")
    desk.looks()
    with desk.page.expect_download() as taken:
        enters(desk, "Download the PDF")
    content = Path(taken.value.path()).read_bytes()
    week.refresh_from_db()
    assert sha256(content).hexdigest() == week.paper_hash
    desk.open("/console/audit/review/findings/")
    desk.arrives("Findings")
    expect(desk.page.locator("main")).to_contain_text("Open")


def then_everybody_reads_that_it_was_done(anyone: Window, week: ReviewWeek) -> None:
    anyone.open("/transparency/")
    anyone.arrives("Transparency report")
    anyone.reads("The last review that was signed")
    anyone.follow("See how the sample was drawn, week by week")
    anyone.arrives("The weekly review")
    anyone.reads(week.seed)


def test_two_sign_one_week_with_their_passwords_and_read_what_they_sign(
    auditor: User, week: ReviewWeek, open_window: OpenWindow
) -> None:
    other = make_person(Role.AUDITOR, "noor@sheriff.example", name="Noor Haddad")
    for card in week.cards.all():
        review.say_fine(card=seen(card, auditor), by=auditor)
    first, second = (open_window(name) for name in ("auditor", "other auditor"))
    for window, account in ((first, auditor), (second, other)):
        signed_in_long_ago(window, account)
        window.open(f"/console/audit/review/weeks/{week.pk}/")
        window.follow("Sign the week")
        window.fill("Password", PASSWORD)
        window.press("Continue")
        window.page.locator("input[name=code]").fill(app_code())
        window.press("Continue")
        window.arrives("Sign the week")
    said = [line.inner_text() for line in first.page.locator("main ul").first.locator("li").all()]
    assert "1 thing that stood out: At hours that are unusual for this person." in said
    assert "3 cards were fine. 0 findings were made." in said
    first.press("Sign the week")
    first.reads("Signed by")
    second.may_answer.add(409)
    second.press("Sign the week")
    last = f"/console/audit/review/cards/{week.cards.latest('place').pk}/"
    for address in ("", *(f"/console/audit/review/weeks/{week.pk}/{part}" for part in ("", "sign/")), last):
        if address:
            second.open(address)
        second.reads("This week is signed, and stays as it is.")
    signature = AuditEntry.objects.get(event=Event.REVIEW_SIGNED, outcome="done")
    assert signature.actor_id == str(auditor.pk)
    with first.page.expect_download() as taken:
        first.follow("Download the PDF")
    paper = " ".join(PdfReader(taken.value.path()).pages[0].extract_text().split())
    assert f"{auditor.pseudonym} signs for the {Agency.current().name}: each card was looked at" in paper
    assert [sentence for sentence in said if sentence not in paper] == []


def signed_in_long_ago(window: Window, account: User) -> None:
    """Seat somebody whose password was typed an hour ago."""
    session = window.is_signed_in_as(account)
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()


def test_keys_can_be_turned_off_and_buttons_do_it_without_script(
    auditor: User, week: ReviewWeek, open_window: OpenWindow
) -> None:
    desk = open_window("auditor", size=HANDHELD)
    desk.is_signed_in_as(auditor)
    desk.open(f"/console/audit/review/cards/{week.cards.all()[0].pk}/")
    desk.reads("Card 1 of 3")
    desk.looks()
    desk.page.get_by_text("Use keys:").click()
    presses(desk, "j", "f")
    desk.reads("Card 1 of 3")
    assert not week.cards.exclude(state="waiting").exists()
    plain = open_window("auditor", script=False)
    plain.is_signed_in_as(auditor)
    plain.open("/console/audit/review/")
    plain.follow("Open the next card")
    plain.reads("Card 1 of 3")
    plain.press("Fine")
    plain.reads("Card 2 of 3")


def test_eleven_cards_take_one_key_each_and_each_is_opened(
    auditor: User, deputy: User, portal_db: Clone, open_window: OpenWindow
) -> None:
    entries = searches(10, by=deputy)
    week = drawn(flag_of(entries[:3]))
    desk = open_window("auditor", size=DESKTOP)
    desk.is_signed_in_as(auditor)
    desk.open("/console/audit/review/")
    desk.reads("0 of 11 cards are done")
    presses(desk, "Enter")
    for number in range(1, 12):
        desk.reads(f"Card {number} of 11")
        presses(desk, "f")
    desk.reads("11 of 11 cards are done")
    opened = AuditEntry.objects.filter(event=Event.CARD_OPENED, actor_id=str(auditor.pk))
    cards = {str(pk) for pk in week.cards.values_list("pk", flat=True)}
    assert set(opened.values_list("subject_id", flat=True)) == cards
    assert week.cards.filter(state="fine", decided_by=auditor).count() == 11


def test_a_key_that_is_held_decides_one_card_when_it_comes_up(
    auditor: User, week: ReviewWeek, open_window: OpenWindow
) -> None:
    desk = open_window("auditor", size=DESKTOP)
    desk.is_signed_in_as(auditor)
    first = week.cards.all()[0]
    desk.open(f"/console/audit/review/cards/{first.pk}/")
    desk.reads("Card 1 of 3")
    desk.page.wait_for_load_state()
    for _time in range(30):
        desk.page.keyboard.down("f")
    assert not week.cards.exclude(state="waiting").exists()
    desk.page.keyboard.up("f")
    desk.reads("Card 2 of 3")
    assert [card.pk for card in ReviewCard.objects.exclude(state="waiting")] == [first.pk]


def test_a_reviewer_from_outside_reads_cards_and_is_given_an_explanation(
    auditor: User, deputy: User, portal_db: Clone, open_window: OpenWindow
) -> None:
    searches(2, by=deputy)
    close_incidents()
    searches(1, by=deputy)
    week = drawn()
    outside = open_window("reviewer", size=DESKTOP)
    outside.is_signed_in_as(make_person(Role.REVIEWER, "ines@board.example", name="Ines Duarte"))
    outside.open("/console/audit/review/")
    outside.reads("One card has to do with an incident that is open")
    presses(outside, "Enter")
    outside.reads("Card 1 of 2")
    outside.reads("fewer than 5 cameras of fewer than 5 owners")
    outside.looks()
    outside.press("I want this explained")
    outside.reads("A reviewer from outside wants this explained")
    desk = open_window("auditor", size=HANDHELD)
    desk.is_signed_in_as(auditor)
    desk.open("/console/audit/review/")
    desk.page.locator("section", has_text="want these explained").get_by_role("link").click()
    desk.looks()
    desk.reads("e explain")
    presses(desk, "e")
    desk.arrives("Explain this card")
    assert ReviewExplanation.objects.get().state == "wanted"
    desk.fill("Your explanation", ANSWER)
    desk.press("Give the explanation")
    desk.arrives("Weekly review")
    outside.open(f"/console/audit/review/cards/{ReviewExplanation.objects.get().card_id}/")
    outside.reads(ANSWER)
    assert week.cards.count() == 3
