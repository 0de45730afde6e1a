"""A supervisor sees who views what, and ends another's view: the viewer and the owner are told so."""

import pytest
from django.core.exceptions import ValidationError

from audit.log.events import Event
from audit.log.models import AuditDetail, AuditEntry
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.channels.email_channel import Rendered, letter_of
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from integration.live.models import ViewGrant
from integration.live.services import views
from registry.incidents.services import incidents
from tests.factories import person
from tests.integration.live.streaming import REASON, Scene, scene, stream_of
from tests.people import sign_in

WHY = "The suspect is in custody, and nobody else is inside the building."


pytestmark = pytest.mark.usefixtures("as_committed")

make_world = scene


@pytest.fixture
def seen(world: Scene) -> Scene:
    """Return a camera that may be seen."""
    return world


@pytest.fixture
def grant(seen: Scene) -> ViewGrant:
    """Return a deputy's view of it."""
    return seen.begin()


def told() -> Rendered:
    """Return the mail to the owner."""
    return letter_of(Message.objects.get(kind=MessageKind.LIVE_VIEWED))


class TestTheAct:
    def test_it_ends_at_once_with_its_reason_in_the_entry(self, seen: Scene, grant: ViewGrant) -> None:
        seen.send(stream_of(grant))
        assert seen.get(grant, "2.ts").status_code == 200
        stopped = views.stop(grant=grant, by=seen.supervisor, reason=WHY)
        assert (stopped.state, stopped.end, stopped.condition) == ("ended", "taken", "supervisor")
        entry = AuditEntry.objects.filter(event=Event.VIEW_ENDED).get()
        assert entry.actor_pseudonym == seen.supervisor.pseudonym
        assert AuditDetail.objects.get(digest=entry.reason_digest).text == WHY
        assert entry.facts["end"] == "taken"
        refused = seen.get(grant, "2.ts")
        assert (refused.status_code, refused.json()["sentence"]) == (403, "A supervisor ended this view.")

    def test_only_a_supervisor_and_only_anothers(self, seen: Scene, grant: ViewGrant) -> None:
        with pytest.raises(Refused):
            views.stop(grant=grant, by=seen.colleague(), reason=WHY)
        incidents.assign(incident=seen.incident, user=seen.supervisor, by=seen.supervisor)
        own = seen.begin(by=seen.supervisor, session="own")
        with pytest.raises(Refused):
            views.stop(grant=own, by=seen.supervisor, reason=WHY)
        assert not AuditEntry.objects.filter(event=Event.VIEW_ENDED).exists()

    def test_a_reason_of_its_own_is_needed(self, seen: Scene, grant: ViewGrant) -> None:
        for empty in ("", "n/a", REASON):
            with pytest.raises(ValidationError):
                views.stop(grant=grant, by=seen.supervisor, reason=empty)
        assert ViewGrant.objects.get().state == "running"

    def test_what_is_over_stays_as_it_ended(self, seen: Scene, grant: ViewGrant) -> None:
        views.end(grant=grant, by=seen.deputy)
        with pytest.raises(Stale):
            views.stop(grant=grant, by=seen.supervisor, reason=WHY)
        assert ViewGrant.objects.get().end == "stopped"


class TestWhoIsTold:
    def test_the_owner_reads_that_a_supervisor_ended_it(self, seen: Scene, grant: ViewGrant) -> None:
        views.stop(grant=grant, by=seen.supervisor, reason=WHY)
        views.notify_owners()
        mail = told()
        assert "A supervisor of the office ended it." in mail.text
        assert "A supervisor of the office ended it." in mail.html
        assert WHY not in mail.text

    def test_and_not_where_the_viewer_did(self, seen: Scene, grant: ViewGrant) -> None:
        views.end(grant=grant, by=seen.deputy)
        views.notify_owners()
        assert "A supervisor" not in told().text

    def test_the_page_of_the_viewer_says_so(self, seen: Scene, grant: ViewGrant) -> None:
        views.stop(grant=grant, by=seen.supervisor, reason=WHY)
        [view] = seen.browser.get(f"/console/incidents/{seen.incident.pk}/live/watch/state/").json()["views"]
        assert (view["over"], view["sentence"]) == (True, "A supervisor ended this view.")


class TestThePages:
    def test_a_supervisor_finds_the_view_and_ends_it(self, seen: Scene, grant: ViewGrant) -> None:
        browser = sign_in(seen.supervisor)
        listed = browser.get("/console/live/").content.decode()
        assert listed.index("Who is viewing now") < listed.index("Critical incidents that you work on")
        assert seen.deputy.pseudonym in listed
        assert f"<strong>{seen.camera.camera.name}</strong>" in listed
        [shown] = AuditEntry.objects.filter(event=Event.VIEW_OFFERED, actor_pseudonym=seen.supervisor.pseudonym)
        assert shown.camera_id == str(seen.camera.camera_id)
        address = f"/console/live/{grant.pk}/stop/"
        assert address in listed
        assert seen.deputy.pseudonym in browser.get(address).content.decode()
        refused = browser.post(address, {"reason": "test"})
        assert "This does not say why" in refused.content.decode()
        assert browser.post(address, {"reason": WHY})["Location"] == "/console/live/"
        assert ViewGrant.objects.get().end == "taken"
        assert browser.get(address).status_code == 409

    def test_a_deputy_neither_sees_the_list_nor_ends_anothers(self, seen: Scene, grant: ViewGrant) -> None:
        browser = sign_in(seen.colleague())
        assert "Who is viewing now" not in browser.get("/console/live/").content.decode()
        answer = browser.post(f"/console/live/{grant.pk}/stop/", {"reason": WHY})
        assert answer.status_code == 403
        assert "Supervisors see who views cameras live" in answer.content.decode()
        assert ViewGrant.objects.get().state == "running"

    def test_there_is_no_view_of_that_number(self, seen: Scene) -> None:
        browser = sign_in(person(Role.SUPERVISOR))
        assert browser.get(f"/console/live/{seen.incident.pk}/stop/").status_code == 404
