"""Pages, mails and entries about a clip say of it what holds for this clip, not for its request or canvass."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditDetail
from fusus_portal.ground.notifications.kinds import MessageKind
from integration.clips import services
from integration.clips.models import Clip
from integration.cores.models import Core
from registry.canvasses.links import token_for
from registry.canvasses.models import FootageRequest
from registry.canvasses.selectors import requests_to_answer, requests_to_owner
from registry.canvasses.services import requests
from registry.footage.models import Evidence
from registry.footage.services import custody
from tests.integration.clips.clipping import asked, sent
from tests.integration.clips.test_clips_and_canvasses import SILENT, arrived, with_rule
from tests.integration.clips.test_rule_and_owner import mail, make_world as two_cameras, owners_pages, second_camera
from tests.integration.critical.scenes import Scene
from tests.people import sign_in
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db

UNTIL = "By its last report, the CORE keeps this recording until about"
PRIMARY = '<a class="usa-button"'
HINT = "or that you would rather not, open the request."


def make_world() -> Scene:
    """Let a business connect two cameras whose rules give no clips."""
    return with_rule(two_cameras(), SILENT)


def own_page(clip: Clip) -> str:
    assert clip.request.registrant is not None
    return page(sign_in(clip.request.registrant.user), reverse("own_clip", args=[clip.pk]))


def page(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def link_page(clip: Clip, name: str = "reply") -> str:
    return page(Client(), reverse(name, args=[token_for(clip.request)]))


def given(there: Scene, clip: Clip) -> Clip:
    found = sent(services.fetch(clip=clip, by=there.owner))
    arrived(services.give(clip=found, by=there.owner))
    return Clip.objects.select_related("upload", "request").get(pk=clip.pk)


def test_an_owner_reads_until_when_the_core_keeps_a_clip(world: Scene) -> None:
    Core.objects.update(recorded_minutes=300)
    clip = asked(world)
    mails = [mail(MessageKind.FOOTAGE_REQUEST, clip), mail(MessageKind.FOOTAGE_REMINDER, clip, reminder=1)]
    assert all(UNTIL in text for text in [own_page(clip), link_page(clip), *mails])
    with time_machine.travel(clip.starts_at + timedelta(minutes=301), tick=False):
        for text in (link_page(clip), mail(MessageKind.FOOTAGE_REMINDER, clip, reminder=2)):
            assert "is overwriting this recording now" in text


def test_a_clip_that_waits_after_an_answer_is_counted_as_it_is_listed(world: Scene) -> None:
    first = given(world, asked(world))
    assert not requests_to_answer(world.registrant).exists()
    later = asked(second_camera(world), after=20)
    assert later.request_id == first.request_id
    assert [request.pk for request in requests_to_answer(world.registrant)] == [later.request_id]
    assert [request.waits for request in requests_to_owner(world.registrant)] == [True]
    pages = owners_pages(later)
    assert "One request waits for your answer" in pages["profile"]
    assert all("A clip of Camera 2 waits for you too." in text for text in pages.values())
    assert "usa-card--waits" in pages["list"]
    requests_of = FootageRequest.objects.filter(pk=later.request_id)
    requests_of.update(expires_at=timezone.now())
    assert not requests_to_answer(world.registrant).exists()


def test_the_pages_on_which_an_owner_declines_say_each_window(world: Scene) -> None:
    first = asked(world)
    further = asked(second_camera(world), after=20)
    for name in ("reply", "reply_decline", "reply_none"):
        text = link_page(first, name)
        wanted = text.partition("Footage wanted</dt>")[2].partition("</dd>")[0]
        assert "Camera 2: " in wanted
        assert "Camera 1: " not in wanted  # its window is that of the request
    requests.decline(request=further.request, by=world.owner)
    assert "Camera 2: " not in link_page(first)


@pytest.mark.parametrize("has_arrived", [True, False])
def test_after_declining_no_page_asks_for_what_was_turned_down(world: Scene, has_arrived: bool) -> None:
    clip = asked(world)
    if has_arrived:
        clip = sent(services.fetch(clip=clip, by=world.owner))
    requests.decline(request=clip.request, by=world.owner)
    clip.request.refresh_from_db()
    said = "the clip that had arrived is deleted." if has_arrived else "the clip is not sent."
    answered = link_page(clip)
    assert PRIMARY not in answered.partition("<main")[2].partition("Did you change your mind?")[0]
    for text in (answered, own_page(clip), page(sign_in(world.owner), reverse("own_clips"))):
        assert f"You answered without footage, so {said}" in text
        assert "It waits for you" not in text
    assert '<button class="usa-button usa-button--outline" name="act" value="fetch">' in own_page(clip)


def test_the_hint_to_other_answers_is_there_only_while_the_request_takes_them(world: Scene) -> None:
    first, further = asked(world), asked(second_camera(world), after=20)
    assert HINT in own_page(further)
    given(world, first)
    assert HINT not in own_page(further)


def test_an_offer_speaks_of_the_clip_at_its_stage(world: Scene) -> None:
    clip = asked(world)
    assert "Your CORE can send you the recording of Camera 1" in link_page(clip)
    clip = services.fetch(clip=clip, by=world.owner)
    assert "The CORE sends it to you the next time it connects." in link_page(clip)
    clip = sent(clip)
    assert "It is here. Nobody else sees it" in link_page(clip)
    assert "Your CORE can send you" not in link_page(clip)


def test_two_offers_of_a_camera_have_two_names(world: Scene) -> None:
    clip = asked(world)
    asked(world, after=20)
    labels = [part.partition("</a>")[0] for part in link_page(clip).split("Look at the clip of ")[1:]]
    assert len(labels) == len(set(labels)) == 2


def test_the_agency_reads_and_records_the_window_and_reason_of_the_clip(
    world: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(world, asked(world, minutes=5))
    why = "The second man went out by the yard, and his car was there."
    clip = given(world, asked(second_camera(world), after=20, minutes=5, reason=why))
    file = Evidence.objects.get(upload=clip.upload_id)
    browser = sign_in(world.deputy)
    replies = page(browser, reverse("incident_replies", args=[world.incident.pk]))
    canvass = page(browser, reverse("canvass", args=[clip.request.canvass_id]))
    facts = page(browser, reverse("evidence", args=[file.pk]))
    window = timezone.localtime(clip.starts_at).strftime("%-I:%M")
    for text in (replies, canvass, facts):
        assert why in text
        assert window in text
    assert f'<input type="hidden" name="reason" value="{why}">' in replies
    monkeypatch.setattr(custody, "open_ticket", lambda **_said: None)  # a ticket needs an entry that is committed
    custody.view(evidence=file, by=world.deputy, reason=why)
    viewed = entries_of(Event.EVIDENCE_VIEWED, file)[-1]
    assert AuditDetail.objects.get(digest=viewed.reason_digest).text == why
    assert (viewed.facts["from"], viewed.facts["to"]) == (clip.starts_at.isoformat(), clip.ends_at.isoformat())
    assert viewed.facts["canvass"] == str(clip.request.canvass_id)  # no owner reads it if the draft is closed


def test_a_file_of_a_clip_has_its_camera_start_and_a_name_by_the_local_clock(world: Scene) -> None:
    clip = given(world, asked(world))
    assert clip.upload is not None
    assert clip.camera is not None
    local = timezone.localtime(clip.starts_at, timezone.get_default_timezone())
    assert clip.upload.name == f"{clip.camera.channel}-{local:%Y%m%d-%H%M%S}.mp4"
    assert (clip.upload.camera_id, clip.upload.starts_at) == (clip.camera.camera_id, clip.starts_at)
    facts = page(sign_in(world.deputy), reverse("evidence", args=[Evidence.objects.get().pk]))
    assert "Not said" not in facts
    assert "outside the hours asked for" not in facts
    assert "Say which camera, and when it starts" not in link_page(clip)


def test_a_clip_beyond_the_hours_of_the_canvass_is_not_called_so(world: Scene) -> None:
    given(world, asked(world, minutes=5))
    clip = given(world, asked(second_camera(world), after=20, minutes=5))
    file = Evidence.objects.get(upload=clip.upload_id)
    assert "outside the hours asked for" not in page(sign_in(world.deputy), reverse("evidence", args=[file.pk]))


def test_the_incident_leads_to_its_clips_once_there_are_some(world: Scene) -> None:
    address = reverse("incident_clips", args=[world.incident.pk])
    incident = reverse("critical", args=[world.incident.pk])
    assert f'href="{address}"' not in page(sign_in(world.deputy), incident)
    asked(world)
    assert f'href="{address}"' in page(sign_in(world.deputy), incident)
