"""Addresses that only a test has: one without a mark, and some that fail in each way."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from fusus_portal.ground.access import Permission, privileged, public, requires
from fusus_portal.ground.access.limits import limit
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale

ERRORS = {
    "refused": Refused("You may not do this.", subject=("thing", "t-1")),
    "stale": Stale("It has moved on.", subject=("thing", "t-1")),
    "not-yours": NotYours("There is no such thing."),
    "missing": Http404("no such thing"),
    "denied": PermissionDenied(),
}
calls: list[str] = []


def unmarked(request: HttpRequest) -> HttpResponse:
    """Say nothing about who may open it."""
    calls.append("unmarked")
    return HttpResponse("open")


@public
def fails(request: HttpRequest, how: str) -> HttpResponse:
    """Fail in the way that the address names."""
    raise ERRORS[how]


@privileged
@requires(Permission.OWN_ACCOUNT)
def grave(request: HttpRequest) -> HttpResponse:
    """Do something grave."""
    return HttpResponse("done")


@public
@limit("planted", "3/m")
def limited(request: HttpRequest) -> HttpResponse:
    """Answer three times a minute."""
    return HttpResponse("counted")


urlpatterns = [
    path("planted/unmarked/", unmarked, name="unmarked"),
    path("planted/fails/<str:how>/", fails, name="fails"),
    path("planted/grave/", grave, name="grave"),
    path("planted/limited/", limited, name="limited"),
    path("", include("fusus_portal.urls")),
]
