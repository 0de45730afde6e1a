"""Several cameras begun at one press, the wall that shows them, and a view begun again by one."""

from collections.abc import Mapping
from copy import copy
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.lifecycle import NotYours, Stale
from integration.cores.models import DeviceCamera
from integration.critical import services as critical
from integration.live import selectors
from integration.live.models import ViewGrant
from integration.live.services import offers, views
from integration.live.services.gate import ViewRefused
from integration.rules import GRID
from integration.sharing import services as sharing
from tests.factories import person
from tests.integration.cores.devices import core_model
from tests.integration.live.streaming import HERE, REASON, Scene, scene
from tests.integration.sharing.consent import owner_of, set_mode
from tests.people import sign_in

SESSION = bytes(range(32))
NEVER = "The owner never shares this camera."


pytestmark = pytest.mark.usefixtures("as_committed")

make_world = partial(scene, cameras=3)


@pytest.fixture
def seen(world: Scene) -> Scene:
    """Return three cameras of one business that may be seen."""
    return world


def press(seen: Scene, **typed: Any) -> Any:
    """Send the form of the cameras. Unless told otherwise all are ticked."""
    ticked = [str(camera.pk) for camera in seen.cameras]
    sent = {"reason": REASON, "camera": ticked} | typed
    return seen.browser.post(reverse("live_start", args=[seen.incident.pk]), sent)


def wall(seen: Scene) -> str:
    """Return what the wall says, on one line."""
    return " ".join(seen.browser.get(reverse("live_watch", args=[seen.incident.pk])).content.decode().split())


def again(seen: Scene, view: ViewGrant) -> Any:
    """Press the button that begins a view again, as the page's script does."""
    return seen.browser.post(reverse("live_again", args=[view.pk]), headers={"Accept": "application/json"})


def begun(seen: Scene, cameras: list[DeviceCamera]) -> list[views.Answer]:
    """Begin views as the form does."""
    return views.start_wall(
        incident=seen.incident, cameras=cameras, by=seen.deputy, reason=REASON, network=HERE, session=SESSION
    )


def entries(event: Event) -> list[AuditEntry]:
    """Return the entries of one kind, oldest first."""
    return list(AuditEntry.objects.filter(event=event).order_by("id"))


class TestSeveral:
    def test_each_is_a_view_with_an_entry_and_a_notice_of_its_own(self, seen: Scene) -> None:
        assert press(seen)["Location"] == reverse("live_watch", args=[seen.incident.pk])
        assert [view.reason for view in ViewGrant.objects.all()] == [REASON] * 3
        began = entries(Event.VIEW_STARTED)
        assert {entry.camera_id for entry in began} == {str(camera.camera_id) for camera in seen.cameras}
        assert len({entry.facts["view"] for entry in began}) == 3
        for view in ViewGrant.objects.all():
            views.end(grant=view, by=seen.deputy)
        assert views.notify_owners() == 3

    def test_one_that_is_refused_keeps_none_from_beginning_and_says_why_in_its_tile(self, seen: Scene) -> None:
        seen.browser.get(reverse("incident_live", args=[seen.incident.pk]))
        set_mode(seen.cameras[1], "never")
        assert press(seen).status_code == 302
        assert set(ViewGrant.objects.values_list("camera", flat=True)) == {seen.cameras[0].pk, seen.cameras[2].pk}
        [refused] = entries(Event.VIEW_REFUSED)
        assert refused.facts["condition"] == "mode"
        page = wall(seen)
        assert page.count("data-live-tile") == 2
        assert page.count("data-live-refused") == 1
        assert NEVER in page
        assert f'id="refused-{seen.cameras[1].pk}" tabindex="-1">{seen.cameras[1].camera.name}</h2>' in page

    def test_nine_begin_by_as_many_questions_to_the_database_as_two(self) -> None:
        asked = set()
        for cameras in (2, 9):
            made = scene(cameras=cameras, model=core_model(cameras=9))
            with CaptureQueriesContext(connection) as seen:
                begun(made, made.cameras)
            assert ViewGrant.objects.filter(incident=made.incident).count() == cameras
            asked.add(len(seen))
        assert len(asked) == 1

    def test_one_whose_owner_left_meanwhile_keeps_none_from_beginning(self, seen: Scene) -> None:
        gone = copy(seen.cameras[1])
        gone.pk = uuid4()
        answers = begun(seen, [seen.cameras[0], gone, seen.cameras[2]])
        assert [isinstance(answer, ViewGrant) for _camera, answer in answers] == [True, False, True]
        [refused] = entries(Event.VIEW_REFUSED)
        assert refused.facts["condition"] == "connected"

    def test_a_refused_camera_that_nobody_showed_has_no_name(self, seen: Scene) -> None:
        set_mode(seen.cameras[1], "never")
        press(seen)
        page = wall(seen)
        assert f'id="refused-{seen.cameras[1].pk}" tabindex="-1">A camera</h2>' in page
        assert seen.cameras[1].camera.name not in page.replace(seen.cameras[0].camera.name, "")

    def test_all_refused_is_a_wall_that_says_so(self, seen: Scene) -> None:
        for camera in seen.cameras:
            set_mode(camera, "never")
        assert press(seen).status_code == 302
        assert not ViewGrant.objects.exists()
        assert wall(seen).count(NEVER) == 3
        assert len(entries(Event.VIEW_REFUSED)) == 3

    def test_the_wall_of_another_incident_says_nothing_of_it(self, seen: Scene) -> None:
        set_mode(seen.cameras[1], "never")
        press(seen)
        other = scene()
        seen.incident, seen.browser = other.incident, other.browser
        assert NEVER not in wall(seen)

    def test_a_reason_without_content_begins_none_and_keeps_the_ticks(self, seen: Scene) -> None:
        answer = press(seen, reason="test")
        assert answer.status_code == 422
        page = " ".join(answer.content.decode().split())
        assert "This does not say why." in page
        assert page.count("checked") == 3
        assert f'data-shown-at="{reverse("incident_live", args=[seen.incident.pk])}"' in page
        assert not ViewGrant.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "status", "said"),
        [
            ({"camera": []}, 422, "Tick the cameras that you need to see."),
            ({"camera": ["1 OR 1=1"]}, 422, "There is no such camera."),
            ({"camera": ["6a1f0d94-8a3e-4f9b-9c0d-0f5b7f0a7d11"]}, 404, ""),
        ],
    )
    def test_what_is_no_choice_begins_none(
        self, seen: Scene, typed: Mapping[str, list[str]], status: int, said: str
    ) -> None:
        answer = press(seen, **typed)
        assert answer.status_code == status
        assert said in answer.content.decode()
        assert not ViewGrant.objects.exists()

    def test_more_than_there_is_room_for_begin_none(self, seen: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(selectors, "GRID", 2)
        answer = press(seen)
        assert answer.status_code == 422
        assert "You can view 2 cameras at once. Untick 1." in answer.content.decode()
        assert not ViewGrant.objects.exists()

    def test_the_page_says_how_many_there_is_room_for(self, seen: Scene) -> None:
        seen.begin()
        page = seen.browser.get(reverse("incident_live", args=[seen.incident.pk])).content.decode()
        assert f'data-room="{GRID - 1}"' in page
        assert page.count("data-tick") == 2

    def test_the_button_of_one_camera_begins_it_alone(self, seen: Scene) -> None:
        press(seen, only=str(seen.cameras[2].pk))
        assert [view.camera for view in ViewGrant.objects.all()] == [seen.cameras[2]]

    def test_the_same_camera_twice_is_one_view(self, seen: Scene) -> None:
        press(seen, camera=[str(seen.camera.pk)] * 2)
        press(seen, camera=[str(seen.camera.pk)])
        assert ViewGrant.objects.count() == 1


class TestAgain:
    def test_after_a_pause_one_press_begins_it_for_the_same_reason(self, seen: Scene) -> None:
        view = seen.begin()
        views.extend(grant=view, by=seen.deputy, reason="He went behind the gym; officers need the east door.")
        sharing.pause_sharing(registrant=owner_of(seen.camera), by=seen.owner)
        refused = again(seen, view)
        assert (refused.status_code, refused.json()["sentence"]) == (
            409,
            "Sharing is paused until the owner resumes.",
        )
        page = wall(seen)
        assert "Sharing is paused until the owner resumes." in page
        assert reverse("live_again", args=[view.pk]) in page
        sharing.resume_sharing(registrant=owner_of(seen.camera), by=seen.owner)
        begun = ViewGrant.objects.get(pk=again(seen, view).json()["view"])
        assert (begun.state, begun.reason) == ("running", "He went behind the gym; officers need the east door.")
        assert begun.pk != view.pk
        assert len(entries(Event.VIEW_STARTED)) == 2
        assert wall(seen).count("data-live-tile") == 1

    def test_what_a_supervisor_ended_needs_a_new_reason(self, seen: Scene) -> None:
        view = seen.begin()
        views.stop(grant=view, by=seen.supervisor, reason="The suspect is in custody, and nobody else is inside.")
        view.refresh_from_db()
        with pytest.raises(Stale, match="needs a new reason"):
            offers.begin_again(grant=view, by=seen.deputy, network=HERE, session=SESSION)
        assert ViewGrant.objects.filter(state="running").count() == 0

    def test_a_reason_of_an_earlier_declaration_counts_no_more(self, seen: Scene) -> None:
        view = views.end(grant=seen.begin(), by=seen.deputy)
        critical.end_declaration(declaration=seen.declaration, by=seen.supervisor)
        with pytest.raises(ViewRefused, match="not declared critical"):
            offers.begin_again(grant=view, by=seen.deputy, network=HERE, session=SESSION)
        critical.declare_critical(incident=seen.incident, by=seen.supervisor, reason=f"{REASON} He is back.")
        with pytest.raises(Stale, match="needs a new reason"):
            offers.begin_again(grant=view, by=seen.deputy, network=HERE, session=SESSION)

    def test_anothers_view_is_none_of_theirs(self, seen: Scene) -> None:
        view = views.end(grant=seen.begin(), by=seen.deputy)
        colleague = seen.colleague()
        with pytest.raises(NotYours):
            offers.begin_again(grant=view, by=colleague, network=HERE, session=SESSION)
        assert sign_in(colleague).post(reverse("live_again", args=[view.pk])).status_code == 404
        assert sign_in(person("auditor")).post(reverse("live_again", args=[view.pk])).status_code == 403

    def test_without_script_it_leads_back_to_the_wall(self, seen: Scene) -> None:
        view = views.end(grant=seen.begin(), by=seen.deputy)
        answer = seen.browser.post(reverse("live_again", args=[view.pk]))
        assert answer["Location"] == reverse("live_watch", args=[seen.incident.pk])
        assert ViewGrant.objects.filter(state="running").count() == 1


class TestAfterAPause:
    @staticmethod
    def told(seen: Scene, *views: ViewGrant | str, browser: Any = None) -> Any:
        """Return the views that the page hears of as shared again. views: that it asks about."""
        asked = ",".join(str(getattr(each, "pk", each)) for each in views)
        page = reverse("live_state", args=[seen.incident.pk])
        return (browser or seen.browser).get(page, {"waits": asked}).json()["again"]

    def test_the_page_hears_that_the_owner_shares_again_and_the_owner_reads_it(self, seen: Scene) -> None:
        view = seen.begin()
        owner = owner_of(seen.camera)
        sharing.pause_sharing(registrant=owner, by=seen.owner)
        before = len(entries(Event.VIEW_OFFERED))
        assert self.told(seen, view) == []
        assert len(entries(Event.VIEW_OFFERED)) == before
        sharing.resume_sharing(registrant=owner, by=seen.owner)
        assert self.told(seen, view) == [str(view.pk)]
        assert self.told(seen, view) == [str(view.pk)]
        [entry] = entries(Event.VIEW_OFFERED)[before:]
        assert (entry.camera_id, entry.actor_id) == (str(seen.camera.camera_id), str(seen.deputy.pk))
        assert again(seen, view).status_code == 200

    def test_it_hears_nothing_of_a_view_that_ended_otherwise_or_of_another_s(self, seen: Scene) -> None:
        ended, running, paused = (seen.begin(camera) for camera in seen.cameras)
        views.end(grant=ended, by=seen.deputy)
        assert paused.camera is not None
        set_mode(paused.camera, "never")
        set_mode(paused.camera, "incident")
        assert self.told(seen, ended, running) == []
        colleague = seen.colleague()
        assert self.told(seen, paused, browser=sign_in(colleague)) == []
        assert self.told(seen, "nonsense", "") == []
        assert self.told(seen, paused) == [str(paused.pk)]

    def test_nor_once_the_incident_is_not_critical_any_more(self, seen: Scene) -> None:
        view = seen.begin()
        sharing.pause_sharing(registrant=owner_of(seen.camera), by=seen.owner)
        sharing.resume_sharing(registrant=owner_of(seen.camera), by=seen.owner)
        critical.end_declaration(declaration=seen.declaration, by=seen.supervisor)
        before = len(entries(Event.VIEW_OFFERED))
        assert self.told(seen, view) == []
        assert len(entries(Event.VIEW_OFFERED)) == before
