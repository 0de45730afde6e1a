"""Acts that end a canvass answer at even times: the time taken does not tell whether a request still waited."""

import time

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from fusus_portal.ground.access.requests import ATTRIBUTE, evened


class Clock:
    """A clock that moves only when an act or the portal sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(settings, "EVEN_ANSWER_SECONDS", 0.25)
    made = Clock()
    monkeypatch.setattr(time, "monotonic", made.monotonic)
    monkeypatch.setattr(time, "sleep", made.sleep)
    return made


@pytest.mark.parametrize(
    ("method", "takes", "lasts"), [("post", 0.03, 0.25), ("post", 0.09, 0.25), ("post", 0.3, 0.5), ("get", 0.03, 0.03)]
)
def test_an_act_lasts_a_whole_number_of_steps(method: str, takes: float, lasts: float, clock: Clock) -> None:
    @evened
    def act(request: HttpRequest) -> HttpResponse:
        clock.sleep(takes)
        return HttpResponse()

    begun = clock.now
    act(getattr(RequestFactory(), method)("/"))
    assert clock.now - begun == pytest.approx(lasts)
    assert getattr(act, ATTRIBUTE)


def test_what_a_limit_refused_holds_no_thread(clock: Clock) -> None:
    @evened
    def refused(request: HttpRequest) -> HttpResponse:
        clock.sleep(0.01)
        return HttpResponse(status=429)

    begun = clock.now
    refused(RequestFactory().post("/"))
    assert clock.now - begun == pytest.approx(0.01)
