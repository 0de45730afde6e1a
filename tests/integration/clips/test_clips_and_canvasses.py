"""Promise R4 for clips: what a canvass has asked only its owner answers, and "rather not" looks like silence."""

import math
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.channels import email_channel, text_channel
from fusus_portal.ground.notifications.channels.email_channel import Rendered
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message
from integration.clips import services
from integration.clips.models import Clip
from integration.sharing import services as sharing
from integration.sharing.services import Wish
from registry.canvasses.links import link_actor, token_for
from registry.canvasses.models import FootageRequest, LeftOut
from registry.canvasses.services import canvasses, requests
from registry.footage.services import custody
from registry.places.services import cameras, premises
from registry.places.services.cameras import CameraDetails
from registry.rules import REMIND_AFTER
from tests.factories import LINN_PARK, draft_of, north_of, place_at
from tests.integration.clips.clipping import announce, asked, core_of, device_of, footage, given, send, sent, wanted_of
from tests.integration.cores.devices import business_at
from tests.integration.critical.scenes import Scene, scene
from tests.integration.sharing.consent import connected, signed
from tests.people import sign_in
from tests.typed import typed

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
    said = {
        "starts_at": typed(wanted["starts_at"]),
        "ends_at": typed(wanted["ends_at"]),
        "purpose": wanted["purpose"].pk,
        "reason": wanted["reason"],
    }
    return sign_in(there.deputy).post(reverse("clip_ask", args=[there.incident.pk, there.camera.pk]), said)


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


def request_mail(clip: Clip) -> Rendered:
    build = partial(kind_of(MessageKind.FOOTAGE_REQUEST).build, {"request": str(clip.request_id)})
    return email_channel.render(kind=MessageKind.FOOTAGE_REQUEST, language="en", build=build, number="M-1")


def test_no_page_and_no_mail_asks_for_what_the_rule_gave(world: Scene) -> None:
    clip = asked(with_rule(world))
    mail = request_mail(clip).text
    assert mail.startswith("Nothing is needed from you.")
    assert RULE_ANSWERED in mail
    assert "You decide." not in mail
    assert "Answer this request" not in mail
    said = text_channel.render(
        kind=MessageKind.FOOTAGE_REQUEST,
        language="en",
        build=partial(kind_of(MessageKind.FOOTAGE_REQUEST).build, {"request": str(clip.request_id)}),
        number="M-1",
    )
    assert "was answered for you" in said
    browser = sign_in(world.owner)
    assert "waits for your answer" not in browser.get(reverse("profile")).content.decode()
    for name, args in (("own_requests", []), ("own_request", [clip.request_id])):
        page = browser.get(reverse(name, args=args)).content.decode()
        assert RULE_ANSWERED in page
        assert "Read and answer" not in page
    page = Client().get(reverse("reply", args=[token_for(clip.request)])).content.decode()
    assert "Nothing is needed from you" in page
    assert "Do you have footage of this?" not in page
    arrived(clip)
    with time_machine.travel(timezone.now() + REMIND_AFTER[0] + timedelta(minutes=1), tick=False):
        assert requests.remind_due() == 0


def test_a_clip_that_the_rule_does_not_give_is_asked_for_on_each_page(world: Scene) -> None:
    first = asked(with_rule(world))
    with_rule(world, SILENT)
    assert not asked(world, after=20).by_rule
    mail = request_mail(first).text
    assert mail.startswith("Please look for footage and answer by ")
    assert "You decide." in mail
    browser = sign_in(world.owner)
    assert "One request waits for your answer" in browser.get(reverse("profile")).content.decode()
    assert "Read and answer" in browser.get(reverse("own_request", args=[first.request_id])).content.decode()
    page = Client().get(reverse("reply", args=[token_for(first.request)])).content.decode()
    assert "Do you have footage of this?" in page
    with time_machine.travel(timezone.now() + REMIND_AFTER[0] + timedelta(minutes=1), tick=False):
        assert requests.remind_due() == 1


def arrived(clip: Clip) -> None:
    """Let a clip that was given arrive and pass its check."""
    if clip.upload is None:
        clip = sent(clip)
    assert clip.upload is not None
    custody.receive(upload=clip.upload.pk)


def told() -> list[str]:
    """Return the addresses of people who were told of footage, in order. Each was told that there is some."""
    sent_ones = Message.objects.filter(kind=MessageKind.FOOTAGE_REPLY).order_by("queued_at")
    assert {message.context["has_footage"] for message in sent_ones} <= {1}
    return [message.to for message in sent_ones]


def test_the_person_who_asked_is_told_when_a_clip_arrives_even_by_an_earlier_request(world: Scene) -> None:
    there = with_rule(world)
    arrived(asked(there))
    assert told() == [there.deputy.email]
    arrived(asked(there, after=20))
    assert told() == [there.deputy.email] * 2
    arrived(asked(replace(there, deputy=there.colleague()), after=40))
    assert told() == [there.deputy.email] * 2 + [there.others[0].email]


def test_a_clip_that_answers_another_deputys_canvass_is_told_to_both(world: Scene) -> None:
    other = replace(world, deputy=world.colleague())
    canvass(world)
    arrived(given(other))
    assert sorted(told()) == sorted([world.deputy.email, other.deputy.email])


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


def square(middle: Point, meters: float = 200) -> list[Point]:
    """Return the corners of a square around a point. meters: from the point to each side."""
    high, wide = meters / METERS_PER_DEGREE, meters / METERS_PER_DEGREE / math.cos(math.radians(middle.latitude))
    turns = ((-1, -1), (-1, 1), (1, 1), (1, -1))
    return [Point(middle.latitude + up * high, middle.longitude + right * wide) for up, right in turns]


def second_place(there: Scene, point: Point) -> None:
    """Let the owner add another place with a camera."""
    place = place_at(point, kind="business", address=Address("620 20th Street North", "Birmingham", "AL", "35203"))
    added = premises.add(registrant=there.registrant, by=there.owner, place=place)
    cameras.add(premises=added, by=there.owner, details=CameraDetails(name="Side door"))


def asked_by_polygon(there: Scene, middle: Point) -> FootageRequest:
    """Ask everybody in a square around a point; return the request to the owner, who has a place there too."""
    second_place(there, middle)
    canvasses.send(canvass=draft_of(there.incident, corners=square(middle)), by=there.deputy)
    return FootageRequest.objects.get(registrant=there.registrant)


def test_a_clip_joins_the_request_of_a_polygon_that_holds_its_camera(world: Scene) -> None:
    request = asked_by_polygon(world, north_of(LINN_PARK, 150))
    assert asked(world).request == request


def test_a_clip_of_a_camera_outside_the_polygon_is_refused_and_says_why(world: Scene) -> None:
    asked_by_polygon(world, north_of(LINN_PARK, 400))
    with pytest.raises(Stale, match=r"is asked once\. That search does not include this camera"):
        asked(world)
    assert "That search does not include this camera." in ask_in_console(world).content.decode()


def test_a_clip_of_a_camera_that_the_canvass_left_out_is_refused_and_says_why(world: Scene) -> None:
    second_place(world, north_of(LINN_PARK, 150))
    draft = draft_of(world.incident)
    LeftOut.objects.create(canvass=draft, camera=world.camera.camera, why="view", left_out_by=world.deputy)
    canvasses.send(canvass=draft, by=world.deputy)
    with pytest.raises(Stale, match="That search does not include this camera"):
        asked(world)


@pytest.mark.parametrize("ended", [canvasses.withdraw, canvasses.close])
@pytest.mark.parametrize("declined", [True, False])
def test_what_the_deputy_has_ended_takes_no_clip(world: Scene, ended: Any, declined: bool) -> None:
    asked_around = canvass(world)
    if declined:
        decline(world)
    ended(canvass=asked_around, by=world.deputy)
    with pytest.raises(Stale, match="is asked once"):
        asked(world)
