"""The pages of the weekly review: queue, evidence, question, answer, finding, signature."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.models import Message
from fusus_portal.oversight.review.models import ReviewCard, ReviewFinding, ReviewQuestion, ReviewWeek
from fusus_portal.oversight.review.presenters import questions
from fusus_portal.oversight.review.services import reviews
from registry.incidents.models import Incident
from registry.places.models import Camera
from tests.audit.console.test_paper import text_in
from tests.factories import draft_of, incident_at, registrant_at
from tests.oversight.review.reviewing import (
    ANSWER,
    FOLLOW_UP,
    NOTE,
    OUTCOME,
    QUESTION,
    card_of_search,
    drawn,
    finding_of,
    flag_of,
    read,
    searches,
    seen,
)
from tests.people import sign_in
from tests.registry.test_races import at_once

pytestmark = pytest.mark.django_db


def test_before_the_first_week_the_page_says_what_will_be_there(auditor_client: Client) -> None:
    assert "No week waits for you" in read(auditor_client, "review")
    assert "No finding yet" in read(auditor_client, "review_findings")


def test_a_week_from_the_queue_to_the_signed_pdf(auditor_client: Client, deputy: User, deputy_client: Client) -> None:
    entries = searches(2, by=deputy)
    week = drawn(flag_of(entries))
    assert "0 of 3 cards are done" in read(auditor_client, "review")
    flagged, first, second = week.cards.order_by("place")
    evidence = read(auditor_client, "review_card", flagged.pk)
    assert all(f"entry-{entry.pk}" in evidence for entry in entries)
    assert Incident.objects.all()[0].number in evidence
    assert "At hours that are unusual for this person" in evidence
    ask_and_answer(flagged, auditor_client, deputy_client, leads_to=first)
    for card in (first, second):
        read(auditor_client, "review_card", card.pk)
        auditor_client.post(reverse("review_fine", args=[card.pk]))
    find = reverse("review_find", args=[flagged.pk])
    said = {"note": NOTE, "follow_up": FOLLOW_UP, "due_on": f"{timezone.localdate() + timedelta(days=14)}"}
    assert auditor_client.post(find, said | {"note": ""}).status_code == 422
    assert auditor_client.post(reverse("review_sign", args=[week.pk])).status_code == 409
    auditor_client.post(find, said)
    assert "3 of 3 cards are done" in read(auditor_client, "review")
    assert auditor_client.post(reverse("review_sign", args=[week.pk])).status_code == 302
    its_paper_is_in_the_log(week, auditor_client)


def test_a_card_that_waits_for_an_answer_comes_last(auditor_client: Client) -> None:
    week = drawn(flag_of(searches(2)))
    asked, first, second = week.cards.order_by("place")
    read(auditor_client, "review_card", asked.pk)
    auditor_client.post(reverse("review_ask", args=[asked.pk]), {"text": QUESTION})

    def leads_to(card: ReviewCard) -> bool:
        return f'href="{reverse("review_card", args=[card.pk])}">Open the next card' in read(auditor_client, "review")

    assert leads_to(first)
    for card in (first, second):
        read(auditor_client, "review_card", card.pk)
        auditor_client.post(reverse("review_fine", args=[card.pk]))
    assert leads_to(asked)


def test_a_card_with_its_answer_is_the_next(auditor_client: Client) -> None:
    week = drawn(flag_of(searches(2)))
    asked, first, second = week.cards.order_by("place")
    for card in (asked, first, second):
        read(auditor_client, "review_card", card.pk)
    auditor_client.post(reverse("review_ask", args=[asked.pk]), {"text": QUESTION})
    question = ReviewQuestion.objects.get()
    sign_in(question.person).post(reverse("review_question", args=[question.pk]), {"answer": ANSWER})
    auditor_client.post(reverse("review_fine", args=[first.pk]))
    answer = auditor_client.post(reverse("review_fine", args=[second.pk]))
    assert answer["Location"] == reverse("review_card", args=[asked.pk])


def test_the_papers_of_a_signed_week_come_before_its_cards(auditor_client: Client) -> None:
    week = drawn(flag_of(searches(1)))
    for card in week.cards.all():
        read(auditor_client, "review_card", card.pk)
        auditor_client.post(reverse("review_fine", args=[card.pk]))
    auditor_client.post(reverse("review_sign", args=[week.pk]))
    page = read(auditor_client, "review_week", week.pk)
    assert 0 < page.index("Download it for a council") < page.index('<ol class="waits"')


def ask_and_answer(card: ReviewCard, auditor: Client, deputy: Client, *, leads_to: ReviewCard) -> None:
    """Ask the deputy of a card, who is told by mail and answers on their own page."""
    ask = reverse("review_ask", args=[card.pk])
    assert auditor.post(ask, {"text": "?"}).status_code == 422
    assert auditor.post(ask, {"text": QUESTION})["Location"] == reverse("review_card", args=[leads_to.pk])
    question = ReviewQuestion.objects.get()
    letter = Message.objects.get(kind="review_question")
    assert (letter.to, letter.context) == (question.person.email, {"question": str(question.pk)})
    assert "An auditor asks you something" in read(deputy, "console")
    assert QUESTION in read(deputy, "review_question", question.pk)
    page = reverse("review_question", args=[question.pk])
    assert deputy.post(page, {"answer": ""}).status_code == 422
    assert deputy.post(page, {"answer": ANSWER}).status_code == 302
    assert ANSWER in read(auditor, "review_card", card.pk)


def its_paper_is_in_the_log(week: ReviewWeek, auditor: Client) -> None:
    """Compare the PDF of a week with its entry."""
    paper = auditor.get(reverse("review_paper", args=[week.pk])).content
    week.refresh_from_db()
    signed = AuditEntry.objects.get(event="audit:review:sign")
    assert signed.facts["sha256"] == week.paper_hash == sha256(paper).hexdigest()
    assert b"pdfuaid" in text_in(paper)
    page = read(auditor, "review_week", week.pk)
    assert week.paper_hash in page
    assert reverse("audit_entry", args=[signed.pk]) in page


def test_evidence_that_names_people_is_an_entry_first(auditor: User, auditor_client: Client) -> None:
    card = card_of_search()
    read(auditor_client, "review_card", card.pk)
    entry = AuditEntry.objects.filter(event="audit:card:open").latest("id")
    assert (entry.actor_id, entry.subject_id) == (str(auditor.pk), str(card.pk))


def test_a_card_of_one_act_names_the_cameras_of_that_act(auditor_client: Client) -> None:
    card = card_of_search()
    evidence = read(auditor_client, "review_card", card.pk)
    found = AuditEntry.objects.filter(event="registry:camera:find", camera_id=str(Camera.objects.get().pk))
    assert all(f"entry-{entry.pk}" in evidence for entry in found)
    assert found


def test_a_person_stands_beside_colleagues(auditor_client: Client, deputy: User, other_deputy: User) -> None:
    searches(1, by=deputy)
    searches(3, by=other_deputy)
    week = drawn()
    month = f"{timezone.localtime(week.ends_at - timedelta(hours=1)):%Y-%m}"
    if month == f"{timezone.localdate():%Y-%m}":
        assert week.colleagues[month]["deputy"] == 2.0
    card = week.cards.filter(account=other_deputy)[0]
    page = read(auditor_client, "review_card", card.pk)
    assert "Median of colleagues" in page
    assert "<svg" in page


def test_a_card_is_decided_once(auditor: User) -> None:
    card = card_of_search()
    reviews.say_fine(card=seen(card, auditor), by=auditor)
    with pytest.raises(Stale):
        finding_of(card)
    assert ReviewFinding.objects.count() == 0


def test_a_card_that_nobody_opened_is_not_decided(auditor: User, other_auditor: User, auditor_client: Client) -> None:
    card = seen(card_of_search(), other_auditor)
    for name in ("review_fine", "review_ask", "review_find"):
        assert auditor_client.post(reverse(name, args=[card.pk]), {"text": QUESTION}).status_code == 409
    assert AuditEntry.objects.filter(event__in=["audit:card:fine", "audit:question:ask"]).count() == 0
    read(auditor_client, "review_card", card.pk)
    assert auditor_client.post(reverse("review_fine", args=[card.pk])).status_code == 302


def test_findings_are_read_after_an_entry(auditor: User, auditor_client: Client) -> None:
    finding = finding_of()
    read(auditor_client, "review_findings")
    read(auditor_client, "review_finding", finding.pk)
    looked = AuditEntry.objects.filter(event="audit:finding:read", actor_id=str(auditor.pk)).order_by("id")
    assert list(looked.values_list("subject_id", flat=True)) == ["all", str(finding.pk)]


def test_a_question_tells_one_act_once_however_many_cameras_it_found(
    auditor: User, deputy: User, deputy_client: Client
) -> None:
    registrant_at(cameras=3)
    draft_of(incident_at(by=deputy), by=deputy)
    found = AuditEntry.objects.filter(event="registry:camera:find")
    card = seen(drawn(flag_of(found)).cards.get(kind="flag"), auditor)
    question = reviews.ask_question(card=card, by=auditor, text=QUESTION)
    page = read(deputy_client, "review_question", question.pk)
    assert page.count("found this camera") == 1
    assert "(3 times)" in page


def test_one_act_is_one_line_of_a_question_though_its_entries_took_more_than_a_second(
    auditor: User, deputy: User
) -> None:
    registrant_at(cameras=3)
    draft_of(incident_at(by=deputy), by=deputy)
    found = list(AuditEntry.objects.filter(event="registry:camera:find").order_by("id"))
    question = ReviewQuestion(card=drawn(flag_of(found)).cards.get(kind="flag"), person=deputy, asked_at=found[0].at)
    for entry in found[1:]:
        entry.at += timedelta(seconds=1)
    [(*_line, times)] = questions.question_page(question, found)["acts"]
    assert times == 3


@pytest.mark.django_db(transaction=True)
def test_two_acts_in_one_second_are_two_lines_of_a_question(deputy: User) -> None:
    two = list(searches(2, by=deputy))
    two[1].at, two[1].incident_id = two[0].at, two[0].incident_id
    question = ReviewQuestion(card=drawn(flag_of(two)).cards.get(kind="flag"), person=deputy, asked_at=two[0].at)
    assert [times for *_line, times in questions.question_page(question, two)["acts"]] == [1, 1]


def test_the_time_of_a_question_is_not_typed_into_the_box_of_numbers(auditor: User, deputy: User) -> None:
    question = reviews.ask_question(card=seen(card_of_search(by=deputy), auditor), by=auditor, text=QUESTION)
    box = read(sign_in(deputy), "review_question", question.pk).partition('id="find"')[2].partition(">")[0]
    assert 'value=""' in box


def test_deciding_closes_what_nobody_answered_and_its_mail(auditor: User, deputy: User) -> None:
    card = seen(card_of_search(by=deputy), auditor)
    question = reviews.ask_question(card=card, by=auditor, text=QUESTION)
    reviews.say_fine(card=card, by=auditor)
    question.refresh_from_db()
    assert question.state == "closed"
    assert not Message.objects.filter(kind="review_question").exists()


def test_a_question_that_waits_comes_before_newer_ones_that_do_not(
    auditor: User, deputy: User, deputy_client: Client
) -> None:
    flags = [flag_of([entry]) for entry in searches(2, by=deputy)]
    first, second = (seen(card, auditor) for card in drawn(*flags).cards.filter(kind="flag").order_by("place"))
    reviews.ask_question(card=first, by=auditor, text="Does this one wait?")
    reviews.ask_question(card=second, by=auditor, text="Was this one closed?")
    reviews.say_fine(card=second, by=auditor)
    page = read(deputy_client, "review_questions")
    assert page.index("Does this one wait?") < page.index("Was this one closed?")


def test_a_question_belongs_to_the_person_who_was_asked(
    auditor: User, deputy: User, other_deputy_client: Client
) -> None:
    question = reviews.ask_question(card=seen(card_of_search(by=deputy), auditor), by=auditor, text=QUESTION)
    page = reverse("review_question", args=[question.pk])
    assert other_deputy_client.get(page).status_code == 404
    assert other_deputy_client.post(page, {"answer": ANSWER}).status_code == 404
    assert "Nobody asked you anything" in read(other_deputy_client, "review_questions")


def test_one_question_at_a_time_and_only_to_somebody_who_works_here(auditor: User, deputy: User) -> None:
    card = seen(card_of_search(by=deputy), auditor)
    reviews.ask_question(card=card, by=auditor, text=QUESTION)
    with pytest.raises(Stale, match="waits for its answer"):
        reviews.ask_question(card=card, by=auditor, text=QUESTION)


def test_a_finding_is_due_overdue_and_closed(auditor_client: Client) -> None:
    finding = finding_of()
    assert "Open" in read(auditor_client, "review_findings")
    ReviewFinding.objects.filter(pk=finding.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assert "Overdue" in read(auditor_client, "review_findings")
    assert "One finding is past its day" in read(auditor_client, "console")
    page = reverse("review_finding", args=[finding.pk])
    assert auditor_client.post(page, {"outcome": "ok"}).status_code == 422
    assert auditor_client.post(page, {"outcome": OUTCOME}).status_code == 302
    assert OUTCOME in read(auditor_client, "review_finding", finding.pk)
    assert auditor_client.post(page, {"outcome": OUTCOME}).status_code == 409
    assert AuditEntry.objects.filter(event="audit:finding:close").count() == 1


def test_a_finding_of_a_signed_week_can_still_be_closed(auditor: User) -> None:
    finding = finding_of()
    reviews.sign_week(week=finding.card.week, by=auditor)
    assert reviews.close_finding(finding=finding, by=auditor, outcome=OUTCOME).state == "closed"


def test_a_signed_week_stays_as_it_is(auditor: User) -> None:
    week = reviews.sign_week(week=drawn(), by=auditor)
    with pytest.raises(Error), transaction.atomic():
        ReviewWeek.objects.filter(pk=week.pk).update(paper_hash="0" * 64)
    with pytest.raises(Error), transaction.atomic():
        week.paper.delete()
    with pytest.raises(Stale, match="This week is signed, and stays as it is"):
        reviews.sign_week(week=week, by=auditor)


def test_what_is_signed_is_read_before_and_the_password_given_again(
    auditor: User, time_machine: TimeMachineFixture
) -> None:
    finding = finding_of()
    week = finding.card.week
    client = sign_in(auditor)
    page = read(client, "review_sign", week.pk)
    assert "0 cards were fine. 1 finding was made." in page
    assert "1 search, request, live view, clip, or file" in page
    assert "Nothing stood out." in page
    assert finding.made_by.pseudonym in page
    time_machine.move_to(timezone.now() + timedelta(minutes=6))
    for ask in (client.get, client.post):
        assert ask(reverse("review_sign", args=[week.pk]))["Location"].startswith("/account/reauthenticate/")
    week.refresh_from_db()
    assert week.state == "open"


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_leave_one_signature(auditor: User, other_auditor: User) -> None:
    week = drawn()
    acts = [lambda by=by: reviews.sign_week(week=week, by=by) for by in (auditor, other_auditor)]
    outcomes = at_once(*acts)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ReviewWeek", "Stale"]
    assert AuditEntry.objects.filter(event="audit:review:sign", outcome="done").count() == 1
