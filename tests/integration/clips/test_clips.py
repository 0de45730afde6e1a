"""A clip of a connected camera is a footage request: asked for under the conditions of a view, given by its owner."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.notifications.models import Message
from integration.clips import extensions, services
from integration.clips.models import Clip
from integration.cores.models import Core, DeviceCamera
from integration.critical import services as critical
from integration.live.services.gate import ViewRefused
from integration.sharing import services as sharing
from integration.sharing.services import Wish
from registry.canvasses.links import token_for
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import requests
from registry.footage.models import Evidence, Upload
from registry.footage.services import custody, uploads
from registry.rules import BYTES_PER_FILE
from tests.factories import LINN_PARK, north_of, person
from tests.integration.clips.clipping import announce, asked, device_of, fetched, footage, send, sent, wanted_of
from tests.integration.cores.devices import active, business_at
from tests.integration.critical.scenes import Scene, scene
from tests.integration.device_api.calling import call
from tests.people import sign_in
from tests.typed import typed

pytestmark = pytest.mark.django_db

make_world = scene


def test_an_incident_that_goes_on_takes_clips_of_now(world: Scene) -> None:
    now = timezone.now()
    just_now = {"starts_at": now - timedelta(minutes=5), "ends_at": now}
    with pytest.raises(ValidationError, match="Choose at most 60 minutes of"):
        asked(world, **just_now)
    going = scene(point=north_of(LINN_PARK, 30), ends_at=None)
    page = sign_in(going.deputy).get(reverse("clip_ask", args=[going.incident.pk, going.camera.pk]))
    proposed = page.context["form"].initial["ends_at"]
    assert timezone.now() - proposed < timedelta(minutes=1)
    clip = asked(going, **just_now)
    assert (clip.starts_at, clip.ends_at) == (just_now["starts_at"], just_now["ends_at"])


@pytest.fixture
def there(world: Scene) -> Scene:
    """Return a critical incident beside a shared camera."""
    return world


def events_of(clip: Clip, event: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(event=event, subject_id=str(clip.pk)))


def deputys_list(there: Scene) -> str:
    return sign_in(there.deputy).get(reverse("incident_clips", args=[there.incident.pk])).content.decode()


def refused(there: Scene, **said: Any) -> set[str]:
    with pytest.raises(ValidationError) as wrong:
        asked(there, **said)
    return set(wrong.value.message_dict)


class TestAsking:
    def test_is_a_footage_request_to_the_owner(self, there: Scene) -> None:
        clip = asked(there)
        request = FootageRequest.objects.get()
        assert (clip.request, clip.state, request.registrant) == (request, "asked", there.registrant)
        assert [one.camera for one in request.cameras.all()] == [there.camera.camera]
        assert Message.objects.get(kind="footage_request").to == there.owner.email
        events = set(AuditEntry.objects.filter(camera_id=str(there.camera.camera_id)).values_list("event", flat=True))
        assert {"registry:camera:ask", "integration:clip:ask"} <= events

    def test_asks_nobody_else_in_the_area(self, there: Scene) -> None:
        business_at()
        asked(there)
        assert FootageRequest.objects.count() == 1

    def test_is_refused_by_what_refuses_a_view(self, there: Scene) -> None:
        sharing.pause_sharing(registrant=there.registrant, by=there.owner)
        with pytest.raises(ViewRefused, match="Sharing is paused"):
            asked(there)
        assert not Clip.objects.exists()
        assert AuditEntry.objects.filter(event="integration:view:refuse", outcome="refused").exists()

    def test_is_refused_without_a_declaration_and_to_a_deputy_who_does_not_work_on_it(self, there: Scene) -> None:
        other = replace(there, deputy=person("deputy"))
        with pytest.raises(ViewRefused):
            asked(other)
        critical.end_declaration(declaration=there.incident.declarations.get(), by=person("supervisor"))
        with pytest.raises(ViewRefused):
            asked(there)

    def test_lies_inside_the_incident_and_is_an_hour_at_most(self, there: Scene) -> None:
        assert refused(there, minutes=61) == {"ends_at"}
        assert refused(there, minutes=0) == {"ends_at"}
        assert refused(there, after=-1) == {"starts_at"}
        assert refused(there, after=115) == {"starts_at"}
        assert refused(there, reason="n/a") == {"reason"}
        later = there.incident.starts_at + timedelta(days=1)
        assert refused(there, starts_at=later, ends_at=later + timedelta(minutes=5)) == {"ends_at"}
        assert asked(there, minutes=60).state == "asked"

    def test_is_asked_once(self, there: Scene) -> None:
        asked(there)
        assert refused(there) == {"starts_at"}
        assert asked(there, after=20).request == FootageRequest.objects.get()
        assert Message.objects.filter(kind="footage_request").count() == 1

    def test_looks_alike_for_an_owner_who_declined_and_one_who_did_not_look(self, there: Scene) -> None:
        clip = asked(there)
        requests.decline(request=clip.request, by=there.owner)
        assert asked(there, after=20).state == "asked"
        page = sign_in(there.deputy).get(reverse("incident_clips", args=[there.incident.pk])).content.decode()
        assert page.count("Waits for the owner.") == 2

    def test_ends_where_the_deputy_knows_that_it_is_over(self, there: Scene) -> None:
        clip = asked(there)
        requests.answer_none(request=clip.request, by=there.owner)
        with pytest.raises(Stale):
            asked(there, after=20)

    def test_goes_by_the_pages(self, there: Scene) -> None:
        browser = sign_in(there.deputy)
        live = browser.get(reverse("incident_live", args=[there.incident.pk])).content.decode()
        address = reverse("clip_ask", args=[there.incident.pk, there.camera.pk])
        assert address in live
        assert browser.get(address).status_code == 200
        assert browser.post(address, {"reason": "test"}).status_code == 422
        wanted = wanted_of(there)
        said = {
            "starts_at": typed(wanted["starts_at"]),
            "ends_at": typed(wanted["ends_at"]),
            "purpose": wanted["purpose"].pk,
            "reason": wanted["reason"],
        }
        listed = browser.post(address, said, follow=True).content.decode()
        assert "Waits for the owner." in listed
        assert Clip.objects.get().starts_at == wanted["starts_at"].replace(second=0, microsecond=0)
        sharing.pause_sharing(registrant=there.registrant, by=there.owner)
        assert browser.post(address, said).status_code == 403


class TestTheOwner:
    def test_has_it_sent_looks_and_gives_it(self, there: Scene) -> None:
        clip, device, browser = asked(there), device_of(there), sign_in(there.owner)
        assert call(device, "poll", {}).json()["orders"] == []
        address, stream = (reverse(name, args=[clip.pk]) for name in ("own_clip", "own_clip_stream"))
        assert address in browser.get(reverse("own_request", args=[clip.request_id])).content.decode()
        assert "It waits for you." in browser.get(address).content.decode()
        # It can't be given unseen, nor looked at before it is here.
        for act in ("give", "look"):
            assert "It waits for you." in browser.post(address, {"act": act}).content.decode()
        assert browser.post(address, {"act": "give"}).status_code == browser.get(stream).status_code == 409
        for _twice in range(2):
            page = browser.post(address, {"act": "fetch"}, follow=True).content.decode()
            assert "The CORE sends it to you the next time it connects." in page
        assert len(events_of(clip, "integration:clip:order")) == 1
        [order] = call(device, "poll", {}).json()["orders"]
        assert (order["kind"], order["channel"], order["to"] - order["from"]) == ("clip", "front", 600)
        content = footage()
        assert announce(device, clip, content).status_code == 201
        assert send(device, clip, content, 0).status_code == 204
        page = browser.get(address).content.decode()
        assert "It is here. Nobody else sees it, and no deputy knows of it, until you give it." in page
        assert "<video" not in page
        assert browser.get(stream).status_code == 403
        page = browser.post(address, {"act": "look"}, follow=True).content.decode()
        assert "<video" in page
        assert len(events_of(clip, "integration:clip:look")) == 1
        played: Any = browser.get(stream, headers={"Range": "bytes=0-99"})
        assert (played.status_code, b"".join(played.streaming_content)) == (206, content[:100])
        with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
            assert browser.get(stream).status_code == 403
        assert "Given. Thank you." in browser.post(address, {"act": "give"}, follow=True).content.decode()
        assert browser.post(address, {"act": "give"}).status_code == browser.get(stream).status_code == 409
        assert len(events_of(clip, "integration:clip:give")) == 1

    def test_alone_sees_and_gives_it(self, there: Scene) -> None:
        clip = sent(fetched(there))
        other = business_at().user
        for by in (other, there.deputy):
            for act in (services.fetch, services.look, services.give):
                with pytest.raises(NotYours):
                    act(clip=clip, by=by)
        for name in ("own_clip", "own_clip_stream"):
            assert sign_in(other).get(reverse(name, args=[clip.pk])).status_code == 404

    def test_reads_of_it_in_the_log_and_nobody_else_of_the_incident_does(self, there: Scene) -> None:
        clip = sent(fetched(there))
        services.look(clip=clip, by=there.owner)
        looked = Event("integration:clip:look"), Event("integration:clip:order"), Event("integration:clip:send")
        assert all(event.owner and not event.agency for event in looked)
        page = sign_in(there.owner).get(reverse("looks")).content.decode()
        assert "looked at a recorded clip of this camera before giving it" in page

    def test_finds_it_on_no_page_of_the_requests_link(self, there: Scene) -> None:
        clip = fetched(there)
        for _on_its_way_and_here in range(2):
            for name in ("reply_footage", "reply_files"):
                page = Client().get(reverse(name, args=[token_for(clip.request)])).content.decode()
                assert "front-" not in page
            assert "front-" not in Client().get(reverse("reply_give", args=[token_for(clip.request)])).content.decode()
            clip = sent(clip) if clip.state == "ordered" else clip

    @pytest.mark.parametrize("answer", [requests.decline, requests.answer_none])
    def test_can_say_no_and_then_give_it(self, there: Scene, answer: Callable[..., FootageRequest]) -> None:
        clip = asked(there)
        answer(request=clip.request, by=there.owner)
        page = Client().get(reverse("reply", args=[token_for(clip.request)])).content.decode()
        assert reverse("own_clip", args=[clip.pk]) in page
        clip = sent(services.fetch(clip=clip, by=there.owner))
        services.give(clip=clip, by=there.owner)
        page = Client().get(reverse("reply", args=[token_for(clip.request)])).content.decode()
        assert "You gave a clip" in page
        assert "Given by the owner, and on its way." in deputys_list(there)
        assert clip.upload is not None
        custody.receive(upload=clip.upload.pk)
        clip.request.refresh_from_db()
        assert clip.request.state == "footage"

    @pytest.mark.parametrize("answer", [requests.decline, requests.answer_none])
    def test_can_look_and_say_no_and_it_is_deleted(self, there: Scene, answer: Callable[..., FootageRequest]) -> None:
        clip = sent(fetched(there))
        assert clip.upload is not None
        answer(request=clip.request, by=there.owner)
        with pytest.raises(Stale, match="It waits for you"):
            services.give(clip=clip, by=there.owner)
        uploads.sweep()
        assert Upload.objects.get().state == "removed"
        # Whoever thinks again has it sent again.
        again = sent(services.fetch(clip=clip, by=there.owner))
        assert again.upload is not None
        assert services.give(clip=again, by=there.owner).upload == again.upload

    def test_who_says_no_while_it_comes_ends_that(self, there: Scene) -> None:
        clip, device, content = fetched(there), device_of(there), footage()
        assert announce(device, clip, content).status_code == 201
        send(device, clip, content[:100], 0)
        requests.decline(request=clip.request, by=there.owner)
        assert services.orders_for(device.core) == []
        assert send(device, clip, content[100:], 100).status_code == 404
        uploads.sweep()
        assert Upload.objects.get().state == "removed"

    def test_keeps_it_no_longer_than_the_request_lasts(self, there: Scene) -> None:
        clip = sent(fetched(there))
        with time_machine.travel(clip.request.expires_at + timedelta(seconds=1), tick=False):
            with pytest.raises(Stale):
                services.give(clip=clip, by=there.owner)
            uploads.sweep()
        assert Upload.objects.get().state == "removed"

    def test_is_told_by_one_sentence_that_the_core_has_lost_it(self, there: Scene) -> None:
        clip, browser = asked(there), sign_in(there.owner)
        Core.objects.update(recorded_minutes=30)
        gone = "The CORE has no recording of that time any more."
        address = reverse("own_clip", args=[clip.pk])
        refused = browser.post(address, {"act": "fetch"})
        assert (refused.status_code, gone in refused.content.decode()) == (409, True)
        for page in (browser.get(address), browser.get(reverse("own_clips"))):
            assert gone in page.content.decode()
        assert gone in deputys_list(there)
        assert address not in browser.get(reverse("own_request", args=[clip.request_id])).content.decode()

    def test_whose_core_has_lost_it_meanwhile_reads_so_and_the_deputy_reads_of_silence(self, there: Scene) -> None:
        clip, device = fetched(there), device_of(there)
        assert call(device, f"clips/{clip.pk}/none", {}).status_code == 200
        page = sign_in(there.owner).get(reverse("own_clip", args=[clip.pk])).content.decode()
        assert "The CORE has no recording of that time any more." in page
        assert "Waits for the owner." in deputys_list(there)

    def test_takes_what_was_asked_along(self, there: Scene) -> None:
        clip = asked(there)
        [row] = extensions.clips_table(there.registrant)
        assert (row["incident"], row["request"], row["state"]) == (there.incident.number, clip.request.number, "asked")

    def test_may_have_said_yes_in_advance(self, there: Scene) -> None:
        sharing.set_rule(camera=there.camera, by=there.owner, wish=Wish("incident", answers_clips=True))
        clip = asked(there)
        assert (clip.state, clip.by_rule) == ("ordered", True)
        assert len(services.orders_for(there.camera.core)) == 1

    def test_takes_such_a_yes_back_with_a_pause(self, there: Scene) -> None:
        sharing.set_rule(camera=there.camera, by=there.owner, wish=Wish("incident", answers_clips=True))
        clip, device, content = asked(there), device_of(there), footage()
        assert announce(device, clip, content).status_code == 201
        sharing.pause_sharing(registrant=there.registrant, by=there.owner)
        assert services.orders_for(device.core) == []
        assert send(device, clip, content, 0).status_code == 404

    def test_never_says_yes_by_never(self, there: Scene) -> None:
        rule = sharing.set_rule(camera=there.camera, by=there.owner, wish=Wish("never", answers_clips=True))
        assert not rule.answers_clips


class TestTheCore:
    def test_sends_it_piece_by_piece_and_it_is_evidence(self, there: Scene) -> None:
        clip, device, content = fetched(there), device_of(there), footage()
        half = len(content) // 2
        assert announce(device, clip, content)["Upload-Offset"] == "0"
        assert send(device, clip, content[:half], 0)["Upload-Offset"] == str(half)
        assert call(device, f"clips/{clip.pk}", method="HEAD")["Upload-Offset"] == str(half)
        assert announce(device, clip, content)["Upload-Offset"] == str(half)
        assert send(device, clip, content[half:], half).status_code == 204
        clip.refresh_from_db()
        assert clip.state == "sent"
        services.give(clip=clip, by=there.owner)
        assert clip.upload is not None
        custody.receive(upload=clip.upload.pk)
        found = Evidence.objects.get()
        assert found.request == clip.request
        assert found.sha256 == clip.sha256 == hashlib.sha256(content).hexdigest()
        assert call(device, "poll", {}).json()["orders"] == []
        page = sign_in(there.owner).get(reverse("own_clip", args=[clip.pk])).content.decode()
        assert "computed the same fingerprint" in page
        assert (
            "Given. It is among"
            in sign_in(there.deputy).get(reverse("incident_clips", args=[there.incident.pk])).content.decode()
        )

    def test_is_believed_only_what_arrives(self, there: Scene) -> None:
        clip, device, content = fetched(there), device_of(there), footage()
        announce(device, clip, content, sha256="ab" * 32)
        send(device, clip, content, 0)
        clip.refresh_from_db()
        services.give(clip=clip, by=there.owner)
        assert clip.upload is not None
        custody.receive(upload=clip.upload.pk)
        page = sign_in(there.owner).get(reverse("own_clip", args=[clip.pk])).content.decode()
        assert "and ours differ" in page

    def test_sends_nothing_that_its_owner_did_not_ask_for(self, there: Scene) -> None:
        clip, device, content = asked(there), device_of(there), footage()
        assert announce(device, clip, content).status_code == 404
        services.fetch(clip=clip, by=there.owner)
        assert announce(active(registrant=business_at()), clip, content).status_code == 404
        assert send(device, clip, content, 0).status_code == 404
        assert announce(device, clip, content).status_code == 201

    def test_sends_what_is_no_recording(self, there: Scene) -> None:
        clip, device = fetched(there), device_of(there)
        assert announce(device, clip, b"").status_code == 400
        assert announce(device, clip, b"x" * 4000, sha256="zz").status_code == 400
        for size, field in ((BYTES_PER_FILE + 1, "Upload-Length"), (BYTES_PER_FILE, "Upload-Metadata")):
            assert call(device, f"clips/{clip.pk}", headers={"Upload-Length": str(size)}).json()["field"] == field
        announce(device, clip, b"x" * 9000)
        assert send(device, clip, b"x" * 9000, 5).status_code == 409
        assert send(device, clip, b"x" * 9000, 0).status_code == 400
        assert not Evidence.objects.exists()

    def test_has_none(self, there: Scene) -> None:
        clip, device = fetched(there), device_of(there)
        assert call(device, f"clips/{clip.pk}/none", {"why": "full"}).status_code == 400
        assert call(device, f"clips/{clip.pk}/none", {}).status_code == 200
        assert call(device, f"clips/{clip.pk}/none", {}).status_code == 404
        clip.refresh_from_db()
        assert clip.state == "failed"

    def test_sends_nothing_once_the_camera_is_gone_or_the_request_withdrawn(self, there: Scene) -> None:
        clip, device, content = fetched(there), device_of(there), footage()
        requests.withdraw(request=clip.request, by=there.deputy)
        assert announce(device, clip, content).status_code == 404
        DeviceCamera.objects.update(removed_at=there.incident.opened_at + timedelta(days=1))
        assert services.orders_for(device.core) == []
