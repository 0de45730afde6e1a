from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import public
from fusus_portal.oversight.review.presenters.public import public_page


@public
@require_safe
def weekly_review(request: HttpRequest) -> HttpResponse:
    return render(request, "public/weekly_reviews.html", public_page())
