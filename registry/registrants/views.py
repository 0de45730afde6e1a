from collections.abc import Callable, Container
from functools import wraps
from itertools import takewhile
from typing import Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from fusus_portal.ground.access import SignedInRequest
from fusus_portal.ground.accounts.models import User
from registry.registrants.models import Registrant
from registry.registrants.selectors import draft_of, registrant_of_user

P = ParamSpec("P")
OwnView = Callable[Concatenate[SignedInRequest, Registrant, P], HttpResponseBase]
View = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]


STEPS: Final = {
    "you": "register_you",
    "place": "register_place",
    "pin": "register_pin",
    "cameras": "register_cameras",
}
"""Required steps of registering in their order, with the URL name of each page."""


def first_gap(typed: Container[str], *, before: str = "") -> str | None:
    """Return the URL name of the first step of registering that is missing, looking no further than `before`."""
    return next(
        (page for step, page in takewhile(lambda each: each[0] != before, STEPS.items()) if step not in typed), None
    )


def unfinished(request: HttpRequest, user: User) -> HttpResponse | None:
    draft = draft_of(user)
    if draft is None:
        return None
    next_page = first_gap(draft.typed) or "register_check"
    context = {"draft": draft, "next_page": next_page}
    return render(request, "registry/people/register/unfinished.html", context)


def registered(view: OwnView[P]) -> View[P]:
    """Pass the person's registration to the view. Anyone without one registers first, or continues."""

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        registrant = registrant_of_user(request.user)
        if registrant is None:
            return unfinished(request, request.user) or redirect("register_you")
        return view(request, registrant, *args, **kwargs)

    return guarded
