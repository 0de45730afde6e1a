from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.log.events import Event
from audit.log.selectors import entry_of
from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, public, requires
from fusus_portal.ground.checked_forms import CheckedForm
from fusus_portal.ground.pages.acts import ActPage, Way, answer_done
from fusus_portal.oversight.review import selectors
from fusus_portal.oversight.review.forms import (
    AddressForm,
    AnswerForm,
    AskForm,
    ExplanationForm,
    FindingForm,
    OutcomeForm,
)
from fusus_portal.oversight.review.models import ReviewCard, ReviewWeek
from fusus_portal.oversight.review.presenters import cards, questions, transparency, weeks
from fusus_portal.oversight.review.presenters.readers import card_title, reader_of, week_name
from fusus_portal.oversight.review.rules import SHOWN_WEEKS
from fusus_portal.oversight.review.services import addresses, explanations, reviews
from fusus_portal.oversight.review.states import CardState

FOLDER = "oversight/review"


@requires(Permission.REVIEW, SAFE)
def review(request: SignedInRequest) -> HttpResponse:
    current = selectors.current_week()
    context: dict[str, Any] = {
        "weeks": [weeks.week_row(each) for each in selectors.weeks()[:SHOWN_WEEKS] if each != current],
        "running": selectors.running_week(),
        "page": _queue_page(request, current) if current else None,
        "to_explain": weeks.to_explain(request.user),
    }
    return render(request, f"{FOLDER}/review.html", context)


@requires(Permission.REVIEW, SAFE)
def review_week(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return render(request, f"{FOLDER}/week.html", {"page": _queue_page(request, selectors.week(pk))})


@requires(Permission.REVIEW, SAFE)
def review_card(request: SignedInRequest, pk: UUID) -> HttpResponse:
    card = selectors.card(pk)
    evidence = reviews.open_card(card=card, by=request.user)
    shown = reviews.queue_of(week=card.week, by=request.user)
    context = cards.card_page(card, shown, request.user, evidence=evidence)
    return render(request, f"{FOLDER}/card.html", context)


@requires(Permission.AUDIT, POST)
def review_fine(request: SignedInRequest, pk: UUID) -> HttpResponse:
    card = reviews.say_fine(card=selectors.card(pk), by=request.user)
    messages.success(request, _("Card %(number)d is fine.") % {"number": card.place})
    return _next_card(request, card)


@requires(Permission.AUDIT, FORM)
def review_ask(request: SignedInRequest, pk: UUID) -> HttpResponse:
    card, form = selectors.card(pk), AskForm(request.POST or None)
    if form.carry_out(reviews.ask_question, card=card, by=request.user):
        messages.success(request, _("Asked. %(person)s is told by e-mail.") % {"person": card.person})
        return _next_card(request, card)
    reviews.must_be_open_to(card=card, by=request.user)
    about = _("The answer comes back to the card. Decide about it then, or before.")
    return _act_of_card(request, card, form, title=_("Ask about this card"), about=about, label=_("Send the question"))


@requires(Permission.REVIEW, FORM)
def review_find(request: SignedInRequest, pk: UUID) -> HttpResponse:
    card, form = selectors.card(pk), FindingForm(request.POST or None)
    if form.carry_out(reviews.make_finding, card=card, by=request.user):
        messages.success(request, _("The finding is written down."))
        return _next_card(request, card)
    reviews.must_be_open_to(card=card, by=request.user)
    about = _("A finding has a follow-up and a day. It stays on the list until somebody writes what came of it.")
    return _act_of_card(request, card, form, title=_("Make a finding"), about=about, label=_("Write the finding down"))


@requires(Permission.WANT_EXPLANATION, POST)
def review_want(request: SignedInRequest, pk: UUID) -> HttpResponse:
    explanations.want(card=selectors.card(pk), by=request.user)
    messages.success(request, _("Marked. An auditor explains it, and the report counts it."))
    return redirect("review_card", pk)


@requires(Permission.AUDIT, FORM)
def review_explain(request: SignedInRequest, pk: UUID) -> HttpResponse:
    card, form = selectors.card(pk), ExplanationForm(request.POST or None)
    wanted = selectors.explanation_of(card)
    if form.carry_out(explanations.explain, explanation=wanted, by=request.user):
        messages.success(request, _("Explained. The reviewer from outside reads it with the card."))
        return redirect("review")
    explanations.must_be_explicable(explanation=wanted, by=request.user)
    about = _("A reviewer from outside wants this card explained, and reads kinds, days and counts alone.")
    return _act_of_card(request, card, form, title=_("Explain this card"), about=about, label=_("Give the explanation"))


@privileged
@requires(Permission.AUDIT, FORM)
def review_sign(request: SignedInRequest, pk: UUID) -> HttpResponse:
    week = selectors.week(pk)
    if request.method == "POST":
        reviews.sign_week(week=week, by=request.user)
        messages.success(request, _("Signed. The hash of the PDF is in the log."))
        return redirect("review_week", pk)
    found = reviews.open_queue(week=week, by=request.user)
    return render(request, f"{FOLDER}/sign.html", weeks.sign_page(week, found, request.user))


@requires(Permission.AUDIT, SAFE)
def review_paper(request: SignedInRequest, pk: UUID) -> HttpResponse:
    week = selectors.week(pk)
    return _pdf(reviews.take_paper(week=week, by=request.user), f"weekly-review-{week.week.monday}.pdf")


@requires(Permission.REVIEW, SAFE)
def review_council(request: SignedInRequest, pk: UUID) -> HttpResponse:
    week = selectors.week(pk)
    return _pdf(reviews.take_council_paper(week=week, by=request.user), f"council-{week.week.monday}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _queue_page(request: SignedInRequest, week: ReviewWeek) -> dict[str, Any]:
    found = reviews.open_queue(week=week, by=request.user)
    return weeks.queue_page(week, found, request.user, entry=entry_of(Event.REVIEW_SIGNED, week.subject))


def _next_card(request: SignedInRequest, card: ReviewCard) -> HttpResponse:
    shown = reviews.queue_of(week=card.week, by=request.user)
    open_ones = [
        each for each in shown.cards if each.state == CardState.WAITING and each.pk not in {card.pk, *shown.took_part}
    ]
    unasked = [each for each in open_ones if not each.is_asked]
    later = [each for each in unasked if each.place > card.place] or unasked
    return redirect("review_card", later[0].pk) if later else redirect("review_week", card.week_id)


def _act_of_card(
    request: SignedInRequest, card: ReviewCard, form: CheckedForm, *, title: str, about: str, label: str
) -> HttpResponse:
    name = card_title(card, reader_of(card.week, request.user))
    return ActPage(
        title=title,
        intro=f"{name}, {week_name(card.week)}. {about}",
        label=label,
        way=Way(reverse("review_card", args=[card.pk]), name, _("Cancel")),
    ).answer(request, form, status=422 if form.errors else 200)


@requires(Permission.AUDIT, SAFE)
def review_findings(request: SignedInRequest) -> HttpResponse:
    findings = [questions.finding_row(each) for each in reviews.open_findings(by=request.user)]
    return render(request, f"{FOLDER}/findings.html", {"findings": findings})


@requires(Permission.AUDIT, FORM)
def review_finding(request: SignedInRequest, pk: UUID) -> HttpResponse:
    finding, form = selectors.finding(pk), OutcomeForm(request.POST or None)
    if form.carry_out(reviews.close_finding, finding=finding, by=request.user):
        messages.success(request, _("The finding is closed."))
        return redirect("review_findings")
    context = questions.finding_page(reviews.open_finding(finding=finding, by=request.user)) | {"form": form}
    return render(request, f"{FOLDER}/finding.html", context, status=422 if form.errors else 200)


@requires(Permission.ANSWER_QUESTIONS, SAFE)
def review_questions(request: SignedInRequest) -> HttpResponse:
    rows = [questions.question_row(each) for each in selectors.questions_to(request.user)]
    return render(request, f"{FOLDER}/questions.html", {"questions": rows})


@requires(Permission.ANSWER_QUESTIONS, FORM)
def review_question(request: SignedInRequest, pk: UUID) -> HttpResponse:
    question, form = selectors.question_to(request.user, pk), AnswerForm(request.POST or None)
    if form.carry_out(reviews.answer, question=question, by=request.user):
        return answer_done(request, _("Answered. The auditor reads it with the card."), "review_questions")
    context = questions.question_page(question, selectors.entries_of_question(question)) | {"form": form}
    return render(request, f"{FOLDER}/question.html", context, status=422 if form.errors else 200)


@privileged
@requires(Permission.ADMINISTER, FORM)
def review_addresses(request: SignedInRequest) -> HttpResponse:
    form = AddressForm(request.POST or None)
    if form.carry_out(addresses.propose_address, by=request.user):
        messages.success(request, _("Proposed. It counts when another administrator approves it."))
        return redirect("review_addresses")
    rows = [questions.address_row(each, request.user) for each in selectors.addresses()]
    context = {"heading": _("Overdue reviews"), "rows": rows, "form": form}
    return render(request, f"{FOLDER}/addresses.html", context, status=422 if form.errors else 200)


@privileged
@requires(Permission.ADMINISTER, POST)
def review_address_approve(request: SignedInRequest, pk: UUID) -> HttpResponse:
    addresses.approve_address(address=selectors.address(pk), by=request.user)
    messages.success(request, _("Approved. The alarm goes there from now on."))
    return redirect("review_addresses")


@privileged
@requires(Permission.ADMINISTER, POST)
def review_address_cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    addresses.cancel_address(address=selectors.address(pk), by=request.user)
    messages.success(request, _("Canceled. Nothing changes."))
    return redirect("review_addresses")


@public
@require_safe
def weekly_review(request: HttpRequest) -> HttpResponse:
    return render(request, "public/weekly_reviews.html", transparency.public_page())
