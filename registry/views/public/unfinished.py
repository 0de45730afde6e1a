"""A registration that was begun and not finished: the page that takes it up again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fusus_portal.accounts.models import User
from registry.selectors import drafts
from registry.views.public.draft import Draft


def unfinished(request: HttpRequest, user: User) -> HttpResponse | None:
    """Return the page that offers to go on or to start over; None for an account that has begun nothing."""
    draft = drafts.of_user(user)
    if draft is None:
        return None
    next_page = Draft(user).first_gap() or "register_check"
    context = {"draft": draft, "next_page": next_page}
    return render(request, "registry/public/register/unfinished.html", context)
