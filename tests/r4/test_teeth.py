"""The comparison finds what is planted: a status, a count, an order, a header, a query, a mail, a clip, 200 ms."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from integration.clips import selectors as clip_selectors
from registry.canvasses import selectors, views as canvasses
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.selectors import FollowUp
from registry.canvasses.services import requests
from registry.canvasses.states import RequestState
from tests.access.urls import ROWS
from tests.access.who import FIELD, Row
from tests.r4.comparing import MARGIN, slower, told_apart
from tests.r4.reached import unreached
from tests.r4.walk import NOTHING, console_of
from tests.r4.world import World, first_world

pytestmark = [pytest.mark.django_db, pytest.mark.long]
make_world = first_world

LATE = 0.2


def declined(canvass: Canvass) -> int:
    """Return how many of a canvass declined: asked in both stories, so that only what comes of it differs."""
    return FootageRequest.objects.filter(canvass=canvass, state=RequestState.DECLINED).count()


def planted(patched: pytest.MonkeyPatch, module: Any, name: str, after: Callable[..., Any]) -> None:
    """Let something come after a function. after: takes what it returned, and what it was given."""
    real = getattr(module, name)
    patched.setattr(module, name, lambda *given, **named: after(real(*given, **named), *given, **named))


def refuse(found: Canvass, *_given: Any) -> Canvass:
    if declined(found):
        raise NotYours("There is no such canvass.")
    return found


def count_down(found: FollowUp, canvass: Canvass) -> FollowUp:
    return FollowUp(found.sent, found.replies, found.rest - declined(canvass), found.until)


def turn_round(found: list[Any], canvass: Canvass, **_named: Any) -> list[Any]:
    return found[::-1] if declined(canvass) else found


def add_header(answer: Any, _request: Any, _template: str, context: dict[str, Any]) -> Any:
    if declined(context["canvass"]):
        answer["Last-Modified"] = "Mon, 02 Mar 2026 15:00:00 GMT"
    return answer


def ask_twice(found: FollowUp, canvass: Canvass) -> FollowUp:
    if declined(canvass):
        FootageRequest.objects.exists()
    return found


def take_longer(found: FollowUp, canvass: Canvass) -> FollowUp:
    if declined(canvass):
        time.sleep(LATE)
    return found


ONE_ANSWER: dict[str, tuple[Any, str, Callable[..., Any], str]] = {
    "a status": (selectors, "canvass", refuse, "canvass_replies"),
    "a count": (selectors, "follow_up", count_down, "canvass_replies"),
    "an order": (selectors, "cameras_asked", turn_round, "canvass"),
    "a header": (canvasses, "render", add_header, "canvass_replies"),
    "a query": (selectors, "follow_up", ask_twice, "canvass_replies"),
}


def test_a_planted_difference_of_an_answer_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for what, (module, name, after, address) in ONE_ANSWER.items():
        with monkeypatch.context() as patched:
            planted(patched, module, name, after)
            compared = told_apart(world, "deputy", only=frozenset({address}), sent_from=NOTHING)
        assert compared.names == {address}, what


def test_planted_time_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    planted(monkeypatch, selectors, "follow_up", take_longer)
    compared = told_apart(world, "deputy", only=frozenset({"canvass_replies"}), sent_from=NOTHING)
    assert compared.differences == {}
    slow = slower(compared)
    assert {key[2] for key in slow} == {reverse("canvass_replies", args=[world.canvass.pk])}
    assert all(seconds > MARGIN for seconds in slow.values())


def test_a_planted_mail_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def tell(request: FootageRequest, **_given: Any) -> FootageRequest:
        if request.state == RequestState.DECLINED:
            context: dict[str, int | str] = {"request": str(request.pk), "has_footage": 0}
            to, kind = world.supervisor, MessageKind.FOOTAGE_REPLY
            notifications.send(kind=kind, to=to, about=request.subject, context=context)
        return request

    planted(monkeypatch, requests, "ask_one", tell)
    compared = told_apart(world, "deputy", only=frozenset({"clip_ask"}))
    assert compared.names == {"clip_ask"}
    assert any("footage_reply" in explained for explained in compared.differences.values())


def test_a_clip_that_a_rule_gives_of_an_owner_who_did_not_decline_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip_selectors, "is_answered_by_rule", lambda request: request.state != RequestState.DECLINED)
    differ = told_apart(world, "deputy", only=frozenset({"clip_ask"})).differences
    assert {key[-1].split("/")[-2] for key in differ if "then" in key} >= {"evidence", "clips", "console"}


def test_a_refusal_that_only_one_owner_gets_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = requests.ask_one

    def ask(**asked: Any) -> FootageRequest:
        request = real(**asked)
        if request.state == RequestState.DECLINED:
            raise NotYours("Asked before.")
        return request

    monkeypatch.setattr(requests, "ask_one", ask)
    assert told_apart(world, "deputy", only=frozenset({"clip_ask"})).names == {"clip_ask"}


@pytest.mark.urls("tests.r4.planted_urls")
def test_a_new_address_is_walked_unnamed_or_missed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("telling", "hidden"):
        monkeypatch.setitem(ROWS, name, Row(FIELD))
    compared = told_apart(
        world, "deputy", only=console_of("deputy") & {"telling", "hidden", "canvass"}, sent_from=NOTHING
    )
    assert compared.names == {"telling"}
    assert unreached(compared.walk) == {"hidden"}
