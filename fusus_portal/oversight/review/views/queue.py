from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.requests import SignedInRequest, require_form
from fusus_portal.oversight.review.forms import AskForm, FindingForm
from fusus_portal.oversight.review.models import ReviewCard, ReviewWeek
from fusus_portal.oversight.review.presenters.card_page import card_page
from fusus_portal.oversight.review.presenters.queue import queue_page, title_of, week_name
from fusus_portal.oversight.review.presenters.readers import reader_of
from fusus_portal.oversight.review.presenters.signature import sign_page
from fusus_portal.oversight.review.queue_rules import SHOWN_WEEKS
from fusus_portal.oversight.review.selectors import weeks
from fusus_portal.oversight.review.services import cards, papers
from fusus_portal.oversight.review.states import CardState

FOLDER = "oversight/review"


@requires(Permission.REVIEW)
@require_safe
def review(request: SignedInRequest) -> HttpResponse:
    current = weeks.current()
    context: dict[str, Any] = {
        "weeks": [(each, week_name(each)) for each in weeks.weeks()[:SHOWN_WEEKS] if each != current],
        "running": weeks.running(),
        "page": _queue(request, current) if current else None,
    }
    return render(request, f"{FOLDER}/review.html", context)


@requires(Permission.REVIEW)
@require_safe
def review_week(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return render(request, f"{FOLDER}/week.html", {"page": _queue(request, weeks.week(pk))})


@requires(Permission.REVIEW)
@require_safe
def review_card(request: SignedInRequest, pk: UUID) -> HttpResponse:
    card = weeks.card(pk)
    found = cards.open_card(card=card, by=request.user)
    queue = cards.queue_of(week=card.week, by=request.user)
    return render(request, f"{FOLDER}/card.html", card_page(found, queue, request.user))


@requires(Permission.AUDIT)
@require_POST
def review_fine(request: SignedInRequest, pk: UUID) -> HttpResponse:
    card = cards.say_fine(card=weeks.card(pk), by=request.user)
    messages.success(request, _("Card %(number)d is fine.") % {"number": card.place})
    return _next(request, card)


@requires(Permission.AUDIT)
@require_form
def review_ask(request: SignedInRequest, pk: UUID) -> HttpResponse:
    card, form = weeks.card(pk), AskForm(request.POST or None)
    if form.carry_out(cards.ask, card=card, by=request.user):
        messages.success(request, _("Asked. %(person)s is told by e-mail.") % {"person": card.person})
        return _next(request, card)
    return _form(request, "ask", card, form)


@requires(Permission.REVIEW)
@require_form
def review_find(request: SignedInRequest, pk: UUID) -> HttpResponse:
    card, form = weeks.card(pk), FindingForm(request.POST or None)
    if form.carry_out(cards.find, card=card, by=request.user):
        messages.success(request, _("The finding is written down."))
        return _next(request, card)
    return _form(request, "find", card, form)


@privileged
@requires(Permission.AUDIT)
@require_form
def review_sign(request: SignedInRequest, pk: UUID) -> HttpResponse:
    week = weeks.week(pk)
    if request.method == "POST":
        papers.sign(week=week, by=request.user)
        messages.success(request, _("Signed. The hash of the PDF is in the log."))
        return redirect("review_week", pk)
    found = cards.open_queue(week=week, by=request.user)
    return render(request, f"{FOLDER}/sign.html", sign_page(week, found, request.user))


@requires(Permission.AUDIT)
@require_safe
def review_paper(request: SignedInRequest, pk: UUID) -> HttpResponse:
    week = weeks.week(pk)
    content = papers.take(week=week, by=request.user)
    name = f"weekly-review-{week.week.monday:%Y-%m-%d}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _queue(request: SignedInRequest, week: ReviewWeek) -> dict[str, Any]:
    found = cards.open_queue(week=week, by=request.user)
    return queue_page(week, found, request.user, entry=papers.entry_of(week))


def _next(request: SignedInRequest, card: ReviewCard) -> HttpResponse:
    queue = cards.queue_of(week=card.week, by=request.user)
    open_ones = [
        each for each in queue.cards if each.state == CardState.WAITING and each.pk not in {card.pk, *queue.took_part}
    ]
    unasked = [each for each in open_ones if not each.questions.all()]
    later = [each for each in unasked if each.place > card.place] or unasked
    return redirect("review_card", later[0].pk) if later else redirect("review_week", card.week_id)


def _form(request: SignedInRequest, name: str, card: ReviewCard, form: AskForm | FindingForm) -> HttpResponse:
    cards.must_be_open_to(card=card, by=request.user)
    context = {
        "card": card,
        "form": form,
        "title": title_of(card, reader_of(card.week, request.user)),
        "week_name": week_name(card.week),
    }
    return render(request, f"{FOLDER}/{name}.html", context, status=422 if form.errors else 200)
