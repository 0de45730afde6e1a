"""A request that a rule for clips answered, wholly, in part or in vain: every page and mail says the same of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from itertools import product
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.notifications.channels import email_channel
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message
from integration.clips import policies, selectors, services
from integration.clips.models import Clip
from integration.clips.states import ClipState
from integration.cores.models import DeviceCamera
from integration.rules import CLIP_WAITS
from registry.canvasses.links import token_for
from registry.canvasses.models import FootageRequest
from registry.canvasses.selectors import waits_for_owner
from registry.canvasses.services import requests
from registry.footage import storage
from registry.footage.models import Upload
from registry.footage.services import custody, uploads
from registry.footage.states import UploadState
from registry.limits.models import Limits
from registry.people.presenters import departures
from registry.people.selectors import Holdings, holdings_of, place_counts
from registry.rules import LINK_LIFE, REMIND_AFTER
from tests.factories import LINN_PARK, incident_at
from tests.integration.clips.clipping import asked, core_of, footage, sent
from tests.integration.clips.test_clips_and_canvasses import RULE_ANSWERED, SILENT, arrived, canvass, with_rule
from tests.integration.cores.devices import business_at, device_camera_at
from tests.integration.critical.scenes import Scene, scene
from tests.people import sign_in
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db

ASKS_INSTEAD = "gave a clip of Camera 1, but it did not arrive. So we ask you for the footage."
STAYS_GIVEN = "Your rule for clips gave a clip of Camera 1. Your answer does not change that."
TOLD_DEPUTY = "The owner&#x27;s rule gave it, but it did not arrive. It waits for the owner."
TO_LOOK = "A recording waits for you. You can look at it and give it until "
STOPPED = "One request that was answered for you: it is withdrawn, and what has not arrived yet is not sent"
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def make_world() -> Scene:
    """Let a business with two cameras connect the first one, near a critical incident."""
    return with_rule(scene(business=business_at(LINN_PARK, cameras=2)))


def second_camera(there: Scene) -> Scene:
    """Connect the other camera too, without a rule for clips."""
    camera = device_camera_at(core_of(there), channel="back")
    other = replace(
        there, camera=DeviceCamera.objects.select_related("camera__premises__registrant__user").get(pk=camera.pk)
    )
    return with_rule(other, SILENT)


def at(moment: datetime) -> AbstractContextManager[Any]:
    return time_machine.travel(moment, tick=False)


def after(wait: timedelta) -> AbstractContextManager[Any]:
    return at(timezone.now() + wait + SECOND)


def owners_pages(clip: Clip) -> dict[str, str]:
    """Return each page on which an owner reads of the request of a clip."""
    assert clip.request.registrant is not None
    browser, own = sign_in(clip.request.registrant.user), [clip.request_id]
    addresses = {
        "list": reverse("own_requests"),
        "one": reverse("own_request", args=own),
        "profile": reverse("profile"),
    }
    pages = {name: browser.get(address).content.decode() for name, address in addresses.items()}
    return {**pages, "link": Client().get(reverse("reply", args=[token_for(clip.request)])).content.decode()}


def deputys_list(there: Scene) -> str:
    return sign_in(there.deputy).get(reverse("incident_clips", args=[there.incident.pk])).content.decode()


def mail(kind: MessageKind, clip: Clip, **context: int) -> str:
    build = partial(kind_of(kind).build, {"request": str(clip.request_id), **context})
    return email_channel.render(kind=kind, language="en", build=build, number="M-1").text


def waits(clip: Clip) -> bool:
    return FootageRequest.objects.filter(waits_for_owner(timezone.now()), pk=clip.request_id).exists()


def mails_delivered() -> None:
    """Let each mail and text be sent."""
    Message.objects.update(state="sent", sent_at=timezone.now(), to="", context={})


def asks_waiting() -> int:
    """Return how many mails wait that ask an owner, or say that nothing is needed."""
    return Message.objects.filter(state="queued", kind=MessageKind.FOOTAGE_REQUEST).count()


def decline(clip: Clip) -> int:
    return Client().post(reverse("reply_decline", args=[token_for(clip.request)])).status_code


def failed(clip: Clip) -> AbstractContextManager[Any]:
    """Let the CORE say that it has no recording."""
    services.fail(core=core_of_clip(clip), clip=clip.pk)
    return nullcontext()


def late(_clip: Clip) -> AbstractContextManager[Any]:
    """Let the CORE send nothing."""
    return after(CLIP_WAITS)


def lost(clip: Clip) -> AbstractContextManager[Any]:
    """Let the file arrive and be lost before its check."""
    upload = sent(clip).upload
    assert upload is not None
    storage.discard(upload.pk)
    custody.receive(upload=upload.pk)
    return nullcontext()


def disconnected(_clip: Clip) -> AbstractContextManager[Any]:
    """Let the owner disconnect the camera."""
    DeviceCamera.objects.update(removed_at=timezone.now())
    return nullcontext()


def core_of_clip(clip: Clip) -> Any:
    assert clip.camera is not None
    return clip.camera.core


@pytest.mark.parametrize("cause", [failed, late, lost, disconnected])
def test_what_a_rule_gave_and_the_core_did_not_send_is_asked_of_its_owner(
    world: Scene, cause: Callable[[Clip], AbstractContextManager[Any]]
) -> None:
    clip = asked(world)
    assert not waits(clip)
    with cause(clip):
        assert waits(clip)
        pages = owners_pages(clip)
        assert {name for name, page in pages.items() if ASKS_INSTEAD in page} == {"list", "one", "link"}
        assert not any(RULE_ANSWERED in page for page in pages.values())
        assert "One request waits for your answer" in pages["profile"]
        assert "Read and answer" in pages["list"]
        assert "I would rather not" in pages["link"]
        own_clip = sign_in(world.owner).get(reverse("own_clip", args=[clip.pk])).content.decode()
        assert ASKS_INSTEAD in own_clip
        assert "that you would rather not, open the request" in own_clip
        assert TOLD_DEPUTY in deputys_list(world)
        first = mail(MessageKind.FOOTAGE_REQUEST, clip)
        assert first.startswith("Please look for footage and answer by ")
        assert ASKS_INSTEAD in " ".join(first.split())
        assert ASKS_INSTEAD in " ".join(mail(MessageKind.FOOTAGE_REMINDER, clip, reminder=1).split())
    with after(REMIND_AFTER[0]):
        assert requests.remind_due() == 1


@pytest.mark.parametrize("cause", [failed, late])
def test_rather_not_ends_that_and_the_deputy_reads_the_same(
    world: Scene, cause: Callable[[Clip], AbstractContextManager[Any]]
) -> None:
    clip = asked(world)
    with cause(clip):
        before = deputys_list(world)
        assert decline(clip) == 302
        clip.request.refresh_from_db()
        assert clip.request.state == "declined"
        assert not any(ASKS_INSTEAD in page for page in owners_pages(clip).values())
        assert TOLD_DEPUTY in before
        assert TOLD_DEPUTY in deputys_list(world)
    with after(REMIND_AFTER[0]):
        assert requests.remind_due() == 0


def test_a_clip_that_arrives_after_all_answers_again(world: Scene) -> None:
    clip, content = asked(world), footage()
    upload = services.begin(core=core_of(world), clip=clip.pk, size=len(content), sha256="ab" * 32)
    with after(REMIND_AFTER[0]):
        assert waits(clip)
        arriving = uploads.append(upload=upload, offset=0, stream=BytesIO(content), by=world.owner)
        assert arriving.state == "checking"
        assert not waits(clip)
        assert "Given by the owner, and on its way." in deputys_list(world)
        assert requests.remind_due() == 0
        custody.receive(upload=upload.pk)
        clip.request.refresh_from_db()
        assert clip.request.state == "footage"


def test_an_owner_who_read_that_nothing_is_needed_gets_a_mail_once_the_core_has_no_recording(world: Scene) -> None:
    clip = asked(world)
    mails_delivered()
    failed(clip)
    assert asks_waiting() == 1


def test_nobody_gets_a_second_mail_for_a_first_one_that_was_not_sent(world: Scene) -> None:
    failed(asked(world))
    assert asks_waiting() == 1


def test_a_rule_is_silent_once_it_gave_in_vain(world: Scene) -> None:
    failed(asked(world))
    assert not asked(world, after=20).by_rule


def test_nor_does_it_speak_once_its_owner_was_asked_for_another_camera(world: Scene) -> None:
    asked(world)
    asked(second_camera(world), after=20)
    assert not asked(world, after=40).by_rule


@pytest.mark.parametrize("is_here", [False, True])
def test_the_first_clip_that_no_rule_gives_is_asked_for_by_mail(world: Scene, is_here: bool) -> None:
    first = asked(world)
    if is_here:
        arrived(first)
    mails_delivered()
    assert asked(world, after=20).by_rule
    assert asks_waiting() == 0
    with_rule(world, SILENT)
    further = asked(world, after=40)
    assert asks_waiting() == 1
    said = mail(MessageKind.FOOTAGE_REQUEST, further)
    assert said.startswith(TO_LOOK if is_here else "Please look for footage and answer by ")
    assert ("Answer this request" in said, "You decide." in said) == (not is_here, not is_here)
    variables = kind_of(MessageKind.FOOTAGE_REQUEST).build({"request": str(further.request_id)})
    text = str(kind_of(MessageKind.FOOTAGE_REQUEST).text_of(variables))
    assert ("waits for you to look at" in text, "we ask you" in text) == (is_here, not is_here)
    note = "A clip of Camera 1 waits for you too." if is_here else STAYS_GIVEN
    assert note in " ".join(said.split())
    pages = owners_pages(further)
    also = {"profile"} if is_here else set()
    assert {name for name, page in pages.items() if note in page} == {"list", "one", "link"} | also
    assert reverse("own_clip", args=[further.pk]) in pages["link"]
    mails_delivered()
    asked(world, after=50)
    assert asks_waiting() == 0


@pytest.mark.parametrize("waits_too", [False, True])
def test_footage_takes_back_no_mail_that_asks_about_another_clip(world: Scene, waits_too: bool) -> None:
    by_rule = asked(world)
    if waits_too:
        mails_delivered()
        asked(second_camera(world), after=20)
    assert asks_waiting() == 1
    arrived(by_rule)
    assert asks_waiting() == int(waits_too)


def test_an_owner_who_was_asked_gets_no_second_mail_for_a_further_clip(world: Scene) -> None:
    canvass(world)
    mails_delivered()
    asked(world)
    asked(world, after=20)
    assert asks_waiting() == 0


@pytest.mark.parametrize("answer", [requests.decline, requests.answer_none])
def test_an_answer_about_one_camera_leaves_what_the_rule_of_the_other_gave(
    world: Scene, answer: Callable[..., FootageRequest]
) -> None:
    by_rule = asked(world)
    by_hand = asked(second_camera(world), after=20)
    assert by_hand.request == by_rule.request
    pages = owners_pages(by_hand)
    assert {name for name, page in pages.items() if STAYS_GIVEN in page} == {"list", "one", "link"}
    assert "I would rather not" in pages["link"]
    for name in ("reply_decline", "reply_none"):
        assert STAYS_GIVEN in Client().get(reverse(name, args=[token_for(by_hand.request)])).content.decode()
    by_hand.request = answer(request=by_hand.request, by=world.owner)
    pages = owners_pages(by_hand)
    assert {name for name, page in pages.items() if STAYS_GIVEN in page} == {"list", "one", "link"}
    assert "Given by the owner, and on its way." in deputys_list(world)
    assert len(services.orders_for(core_of(world))) == 1
    arrived(by_rule)
    by_hand.request.refresh_from_db()
    assert by_hand.request.state == "footage"


def test_rather_not_about_one_camera_does_not_show(world: Scene) -> None:
    asked(world)
    by_hand = asked(second_camera(world), after=20)
    before = deputys_list(world)
    assert decline(by_hand) == 302
    assert [line for line in before.splitlines() if "<strong>" in line or "owner" in line] == [
        line for line in deputys_list(world).splitlines() if "<strong>" in line or "owner" in line
    ]


@pytest.mark.parametrize("is_begun", [False, True])
@pytest.mark.parametrize("answer", [requests.decline, requests.answer_none])
def test_what_was_turned_down_is_not_sent_once_footage_of_the_rule_arrives(
    world: Scene, answer: Callable[..., FootageRequest], is_begun: bool
) -> None:
    by_rule, core, content = asked(world), core_of(world), footage()
    by_hand = services.fetch(clip=asked(second_camera(world), after=20), by=world.owner)
    if is_begun:
        services.begin(core=core, clip=by_hand.pk, size=len(content), sha256="ab" * 32)
    answer(request=by_hand.request, by=world.owner)
    arrived(by_rule)
    by_hand.request.refresh_from_db()
    assert by_hand.request.state == "footage"
    assert services.orders_for(core) == []
    with pytest.raises(NotYours):
        services.append(core=core, clip=by_hand.pk, offset=0, piece=content)
    with pytest.raises(NotYours):
        services.begin(core=core, clip=by_hand.pk, size=len(content), sha256="ab" * 32)
    uploads.sweep()
    assert not Upload.objects.filter(is_apart=True).exclude(state=UploadState.REMOVED).exists()
    assert "Waits for the owner." in deputys_list(world)
    services.fetch(clip=by_hand, by=world.owner)
    assert len(services.orders_for(core)) == 1


def test_what_was_turned_down_is_not_shown_once_footage_of_the_rule_arrives(world: Scene) -> None:
    by_rule = asked(world)
    by_hand = sent(services.fetch(clip=asked(second_camera(world), after=20), by=world.owner))
    requests.decline(request=by_hand.request, by=world.owner)
    arrived(by_rule)
    with pytest.raises(Stale, match="It waits for you"):
        services.look(clip=by_hand, by=world.owner)
    uploads.sweep()
    by_hand.refresh_from_db()
    assert by_hand.upload is not None
    assert by_hand.upload.state == UploadState.REMOVED


def test_an_answer_while_what_the_rule_gave_is_checked_is_refused_in_true_words(world: Scene) -> None:
    sent(asked(world))
    by_hand = asked(second_camera(world), after=20)
    for name in ("reply_decline", "reply_none"):
        answer = Client().post(reverse(name, args=[token_for(by_hand.request)]))
        assert answer.status_code == 409
        assert "Footage that was given is being checked now" in answer.content.decode()
        assert STAYS_GIVEN not in answer.content.decode()


def test_no_reminder_follows_at_once_the_mail_that_asks_after_all(world: Scene) -> None:
    Limits.objects.update(first_reminder_days=1)
    clip = asked(world)
    with after(DAY + DAY / 4):
        failed(clip)
        assert asks_waiting() == 1
        assert requests.remind_due() == 0
        with after(DAY):
            assert requests.remind_due() == 1


def test_where_no_reminder_is_sent_an_owner_is_asked_once_for_what_is_late(world: Scene) -> None:
    Limits.objects.update(reminders=0)
    clip = asked(world)
    mails_delivered()
    assert requests.remind_due() == 0
    with late(clip):
        assert [requests.remind_due(), requests.remind_due()] == [1, 0]
        assert asks_waiting() == 1
        [entry] = entries_of(Event.REQUEST_REMINDED, clip.request)
        assert (entry.actor_id, entry.facts) == (requests.REMINDER, {})
    assert not Message.objects.filter(kind=MessageKind.FOOTAGE_REMINDER).exists()


def test_whom_a_reminder_asked_is_not_asked_again_once_the_agency_sends_none(world: Scene) -> None:
    asked(world)
    with after(REMIND_AFTER[0]):
        assert requests.remind_due() == 1
        Limits.objects.update(reminders=0)
        assert requests.remind_due() == 0


def test_where_no_reminder_is_sent_nobody_is_asked_whom_a_canvass_asked(world: Scene) -> None:
    Limits.objects.update(reminders=0)
    canvass(world)
    with after(LINK_LIFE - DAY):
        assert requests.remind_due() == 0


def test_who_leaves_reads_of_what_a_rule_answered(world: Scene) -> None:
    clip = asked(world)
    place = world.camera.camera.premises
    for is_here in (False, True):
        if is_here:
            arrived(clip)
        held, there = holdings_of(world.registrant), place_counts(place)
        assert (STOPPED in departures.deleted(held), STOPPED in departures.ending(there)) == (not is_here, not is_here)
        assert Holdings.of_facts(held.facts()) == held


def test_who_moves_or_leaves_reads_of_requests_that_wait_and_of_no_others(world: Scene) -> None:
    clip = asked(world)
    place = world.camera.camera.premises
    for waiting in (0, 1):
        counts = place_counts(place)
        assert (counts.waiting, counts.only_here, holdings_of(world.registrant).waiting) == (waiting,) * 3
        if not waiting:
            failed(clip)


def own_list(there: Scene, number: int) -> int:
    """Return how many queries the list takes with this number of requests that a rule answered."""
    while there.registrant.requests.count() < number:
        other = Scene(there.deputy, there.supervisor, incident_at(by=there.deputy, verified=False), there.camera)
        other.verify()
        other.declare()
        asked(other)
    browser = sign_in(there.owner)
    with CaptureQueriesContext(connection) as captured:
        page = browser.get(reverse("own_requests")).content.decode()
    assert page.count(RULE_ANSWERED) == number
    return len(captured)


def test_the_list_takes_as_many_queries_for_eight_answered_requests_as_for_two(world: Scene) -> None:
    assert own_list(world, 2) == own_list(world, 8)


def file_at(clip: Clip, state: str) -> Upload:
    """Return a file of a clip at a state, as a row alone."""
    given_at = None if state == UploadState.READY else timezone.now()
    done = {"received": 3, "finished_at": timezone.now(), "sha256": "ab" * 32, "given_at": given_at}
    return Upload.objects.create(request=clip.request, name="a.mp4", size=3, state=state, **done)


@pytest.mark.parametrize("by_rule", [False, True])
def test_rows_and_the_database_agree_on_each_clip(world: Scene, by_rule: bool) -> None:
    asked(world)
    clip, now = asked(second_camera(world), after=20), timezone.now()
    row = Clip.objects.filter(pk=clip.pk)
    files = (None, *(file_at(clip, state) for state in UploadState))
    waits_since = (CLIP_WAITS, CLIP_WAITS - SECOND)
    for state, file, wait, removed_at in product(ClipState, files, waits_since, (None, now)):
        ordered_at = None if state == ClipState.ASKED else now - wait
        over_at = now if state in {ClipState.SENT, ClipState.FAILED} else None
        row.update(by_rule=by_rule, state=state, ordered_at=ordered_at, over_at=over_at, upload=file)
        DeviceCamera.objects.filter(clips=clip).update(removed_at=removed_at)
        with at(now):
            found = selectors.of_requests([clip.request_id]).get(pk=clip.pk)
            is_given = policies.is_given(found, now)
            assert selectors.is_answered_by_rule(clip.request) == is_given, (state, file, wait, removed_at)
            assert policies.answers(found, now) == (by_rule and is_given)
