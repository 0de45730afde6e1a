from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest, require_form
from fusus_portal.oversight.review.forms import AnswerForm
from fusus_portal.oversight.review.presenters.question_page import question_page, questions_page
from fusus_portal.oversight.review.selectors import weeks
from fusus_portal.oversight.review.services import questions

FOLDER = "oversight/review"


@requires(Permission.ANSWER_QUESTIONS)
@require_safe
def review_questions(request: SignedInRequest) -> HttpResponse:
    return render(request, f"{FOLDER}/questions.html", questions_page(weeks.questions_to(request.user)))


@requires(Permission.ANSWER_QUESTIONS)
@require_form
def review_question(request: SignedInRequest, pk: UUID) -> HttpResponse:
    question, form = weeks.question_to(request.user, pk), AnswerForm(request.POST or None)
    if form.carry_out(questions.answer, question=question, by=request.user):
        messages.success(request, _("Answered. The auditor reads it with the card."))
        return redirect("review_questions")
    context = question_page(question, weeks.own_entries(question)) | {"form": form}
    return render(request, f"{FOLDER}/question.html", context, status=422 if form.errors else 200)
