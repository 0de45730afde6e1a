"""Promise R4 for clips: what a canvass has asked only its owner answers, and "rather not" looks like silence."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.lifecycle import Stale
from integration.clips import services
from integration.clips.models import Clip
from integration.sharing import services as sharing
from integration.sharing.services import Wish
from registry.canvasses.links import link_actor, token_for
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import canvasses, requests
from tests.factories import LINN_PARK, draft_of
from tests.integration.clips.clipping import announce, asked, core_of, device_of, footage, given, send, wanted_of
from tests.integration.cores.devices import business_at
from tests.integration.critical.scenes import Scene, scene
from tests.integration.sharing.consent import connected, signed
from tests.people import sign_in

pytestmark = pytest.mark.django_db

make_world = scene

ANSWERS = Wish("incident", answers_clips=True)
SILENT = Wish("incident")
RULE_ANSWERED = "Your rule for clips has already answered this"


def decline(there: Scene) -> FootageRequest:
    """Let the owner say "rather not"."""
    request = FootageRequest.objects.get(registrant=there.registrant)
    return requests.decline(request=request, by=link_actor(request))


def with_rule(there: Scene, wish: Wish = ANSWERS) -> Scene:
    """Set what the owner lets the rule answer."""
    sharing.set_rule(camera=there.camera, by=there.owner, wish=wish)
    return there


def neighbor_of(there: Scene) -> Scene:
    """Return another business beside the same incident, with a standing rule too."""
    registrant = business_at(LINN_PARK)
    signed(registrant)
    return with_rule(replace(there, camera=connected(registrant, mode="incident")))


def canvass(there: Scene) -> Any:
    """Ask everybody around."""
    return canvasses.send(canvass=draft_of(there.incident), by=there.deputy)


def ask_in_console(there: Scene) -> Any:
    """Ask for a clip by the form."""
    wanted = wanted_of(there)
    typed = {
        "starts_at": f"{timezone.localtime(wanted['starts_at']):%Y-%m-%dT%H:%M}",
        "ends_at": f"{timezone.localtime(wanted['ends_at']):%Y-%m-%dT%H:%M}",
        "purpose": wanted["purpose"].pk,
        "reason": wanted["reason"],
    }
    return sign_in(there.deputy).post(reverse("clip_ask", args=[there.incident.pk, there.camera.pk]), typed)


def test_a_standing_rule_is_silent_once_a_canvass_has_asked(world: Scene) -> None:
    declines = with_rule(world)
    ignores = neighbor_of(declines)
    canvass(declines)
    decline(declines)
    for there in (declines, ignores):
        assert ask_in_console(there).status_code == 302
        assert services.orders_for(core_of(there)) == []
    assert list(Clip.objects.values_list("state", "by_rule")) == [("asked", False)] * 2
    page = sign_in(declines.deputy).get(reverse("incident_clips", args=[declines.incident.pk])).content.decode()
    assert page.count("Waits for the owner.") == 2


def test_it_is_silent_after_an_answer_that_is_told_too(world: Scene) -> None:
    there = with_rule(world)
    canvass(there)
    given(there)
    assert not asked(there, after=20).by_rule


def test_a_clip_that_was_asked_for_first_is_the_rules_to_give_and_so_is_the_next(world: Scene) -> None:
    there = with_rule(world)
    neighbor_of(there)
    first = asked(there)
    canvass(there)
    assert FootageRequest.objects.filter(registrant=there.registrant).get() == first.request
    assert asked(there, after=20).by_rule
    assert len(services.orders_for(core_of(there))) == 2


@pytest.mark.parametrize(
    ("by_rule", "said", "sentence"),
    [
        (True, RULE_ANSWERED, RULE_ANSWERED),
        (False, "We check each file now.", "You gave a clip, so this request is answered."),
    ],
)
def test_what_was_given_is_not_declined_any_more(world: Scene, by_rule: bool, said: str, sentence: str) -> None:
    clip = asked(with_rule(world)) if by_rule else given(world)
    token, browser = token_for(clip.request), Client()
    page = browser.get(reverse("reply", args=[token])).content.decode()
    assert said in page
    assert reverse("reply_decline", args=[token]) not in page
    for method in (browser.get, browser.post):
        answer = method(reverse("reply_decline", args=[token]))
        assert answer.status_code == 409
        assert sentence in answer.content.decode()
    clip.request.refresh_from_db()
    assert clip.request.state == "sent"


def test_an_owner_who_takes_the_rule_back_stops_what_it_gave(world: Scene) -> None:
    there = with_rule(world)
    clip, device, content = asked(there), device_of(there), footage()
    assert announce(device, clip, content).status_code == 201
    with_rule(there, SILENT)
    assert services.orders_for(device.core) == []
    assert send(device, clip, content, 0).status_code == 404


def test_a_rule_that_is_set_after_rather_not_is_silent(world: Scene) -> None:
    asked(world)
    decline(world)
    with_rule(world)
    assert not asked(world, after=20).by_rule


@pytest.mark.parametrize("ended", [canvasses.withdraw, canvasses.close])
@pytest.mark.parametrize("declined", [True, False])
def test_what_the_deputy_has_ended_takes_no_clip(world: Scene, ended: Any, declined: bool) -> None:
    sent = canvass(world)
    if declined:
        decline(world)
    ended(canvass=sent, by=world.deputy)
    with pytest.raises(Stale, match="is asked once"):
        asked(world)
