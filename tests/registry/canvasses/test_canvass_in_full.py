"""Canvasses in the console beyond the plain circle: polygons, picking, approval, changing, withdrawing, expiring."""

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.models import Message
from registry.canvasses.links import link_actor, token_for
from registry.canvasses.models import Approval, Canvass, FootageRequest
from registry.canvasses.services import canvasses, requests
from registry.incidents.services import incidents
from registry.places.models import Camera
from tests.factories import (
    LARGE_REASON,
    LINN_PARK,
    camera_at,
    canvass_at,
    draft_of,
    incident_at,
    let_time_pass,
    north_of,
    person,
    registrant_at,
)
from tests.registry.canvasses.test_canvass_pages import address, drawn
from tests.registry.canvasses.test_polygons import L_SHAPE, moved

pytestmark = pytest.mark.django_db

CORNERS = "\n".join(f"{corner.latitude}, {corner.longitude}" for corner in L_SHAPE)


class TestPolygon:
    def test_it_is_drawn_without_a_script(self, deputy: User, deputy_client: Client) -> None:
        camera_at(moved(-100, 100))
        incident = incident_at(by=deputy)
        url = reverse("canvass_new", args=[incident.pk]) + "?shape=polygon"
        assert 'name="corners"' in deputy_client.get(url).content.decode()
        answer = deputy_client.post(url, drawn(incident, corners=CORNERS), follow=True)
        assert "1 owner would be asked" in answer.content.decode()
        assert Canvass.objects.get().area.corners == tuple(L_SHAPE)

    @pytest.mark.parametrize(("shape", "other"), [("circle", "polygon"), ("polygon", "circle")])
    def test_the_other_shape_is_one_press_away(
        self, deputy: User, deputy_client: Client, shape: str, other: str
    ) -> None:
        url = reverse("canvass_new", args=[incident_at(by=deputy).pk])
        page = " ".join(deputy_client.get(url, {"shape": shape}).content.decode().split())
        assert f'formaction="?shape={other}" formnovalidate>Draw a {other} instead</button>' in page

    def test_the_other_shape_keeps_what_was_typed(self, deputy: User, deputy_client: Client) -> None:
        incident = incident_at(by=deputy)
        typed = drawn(incident, reason="A van on the corner", radius_m="", redraw="")
        form = deputy_client.post(reverse("canvass_new", args=[incident.pk]) + "?shape=polygon", typed).context["form"]
        assert form.shape == "polygon"
        assert form["reason"].value() == "A van on the corner"
        assert form["ends_at"].value() == typed["ends_at"]
        assert not form.errors
        assert not Canvass.objects.exists()

    def test_the_first_corner_may_be_repeated_at_the_end(self, deputy: User, deputy_client: Client) -> None:
        incident = incident_at(by=deputy)
        url = reverse("canvass_new", args=[incident.pk]) + "?shape=polygon"
        closed = CORNERS + "\n\n" + CORNERS.splitlines()[0]
        deputy_client.post(url, drawn(incident, corners=closed))
        assert Canvass.objects.get().area.corners == tuple(L_SHAPE)

    def test_bad_corners_are_answered_beside_them(
        self, deputy: User, deputy_client: Client, subtests: pytest.Subtests
    ) -> None:
        incident = incident_at(by=deputy)
        url = reverse("canvass_new", args=[incident.pk]) + "?shape=polygon"
        for corners, sentence in (
            ("", "Fill in “Corners”."),
            ("33.52, -86.81\nhere", "Line 2 is no corner."),
            ("33.52, -86.81, 4", "Line 1 is no corner."),
            ("95, -86.81", "Line 1 is no corner."),
            ("nan, nan", "Line 1 is no corner."),
            ("33.52, -86.81\n33.53, -86.81", "from 3 to 50 corners"),
            ("33.52,-86.81\n33.523,-86.805\n33.52,-86.805\n33.523,-86.81", "crosses itself"),
            ("0, 0\n0.001, 0\n0, 0.001", "too small"),
        ):
            with subtests.test(corners=corners):
                form = deputy_client.post(url, drawn(incident, corners=corners)).context["form"]
                assert sentence in " ".join(form.errors["corners"])
                assert form["corners"].value() == corners
                assert not Canvass.objects.exists()

    def test_the_owner_s_page_draws_it(self, deputy: User, deputy_client: Client) -> None:
        camera_at(moved(-100, 100))
        canvass = draft_of(incident_at(by=deputy), corners=L_SHAPE)
        page = deputy_client.get(address("canvass", canvass))
        assert page.context["corners"] == [[corner.latitude, corner.longitude] for corner in L_SHAPE]


class TestChanging:
    def test_it_is_searched_anew(self, deputy: User, deputy_client: Client) -> None:
        registrant_at(north_of(LINN_PARK, 400))
        canvass = draft_of(incident_at(by=deputy))
        url = address("canvass_change", canvass)
        page = deputy_client.get(address("canvass", canvass))
        assert page.context["form"]["reason"].value() == canvass.reason
        assert f'action="{url}"' in page.content.decode()
        answer = deputy_client.post(url, drawn(canvass.incident, radius_m=1640), follow=True)
        assert "1 owner would be asked" in answer.content.decode()
        assert AuditEntry.objects.filter(event="registry:canvass:change").count() == 1

    def test_an_unverified_incident_is_drawn_anew_twice(self, deputy: User, deputy_client: Client) -> None:
        canvass = draft_of(incident_at(by=deputy, verified=False))
        change = partial(deputy_client.post, address("canvass_change", canvass))
        for radius in (1640, 1312):
            assert change(drawn(canvass.incident, radius_m=radius)).status_code == 302
        assert "redrawn more than twice" in deputy_client.get(address("canvass", canvass)).content.decode()
        assert change(drawn(canvass.incident, radius_m=985)).status_code == 403
        incidents.verify(incident=canvass.incident, by=person("supervisor"))
        assert change(drawn(canvass.incident, radius_m=985)).status_code == 302

    def test_bad_input_changes_nothing(self, deputy: User, deputy_client: Client) -> None:
        canvass = draft_of(incident_at(by=deputy))
        answer = deputy_client.post(address("canvass_change", canvass), drawn(canvass.incident, reason="test"))
        assert answer.context["form"].errors["reason"]
        assert not AuditEntry.objects.filter(event="registry:canvass:change").exists()


class TestPicking:
    def test_a_camera_is_left_out_and_put_back(self, deputy: User, deputy_client: Client) -> None:
        canvass = canvass_at("draft", cameras=2, by=deputy)
        chosen = Camera.objects.order_by("pk")[:1]
        form = {"cameras": [str(camera.pk) for camera in chosen], "why": "contacted"}
        page = deputy_client.post(address("canvass_leave_out", canvass), form, follow=True).content.decode()
        assert "1 owner would be asked" in page
        assert "Left out:" in page
        assert "The owner was already spoken to" in page
        page = deputy_client.post(address("canvass_put_back", canvass), form, follow=True).content.decode()
        assert "2 owners would be asked" in page

    def test_a_wrong_choice_says_so(self, deputy: User, deputy_client: Client, subtests: pytest.Subtests) -> None:
        canvass = canvass_at("draft", by=deputy)
        for form, sentence in (
            ({"why": "contacted"}, "Choose one or more cameras of the list."),
            ({"cameras": ["nonsense"], "why": "contacted"}, "Choose one or more cameras of the list."),
            ({"cameras": ["00000000-0000-4000-8000-000000000001"], "why": "view"}, "Choose one or more cameras"),
            ({"cameras": ["00000000-0000-4000-8000-000000000001"]}, "Choose why these cameras are left out."),
        ):
            with subtests.test(form=form):
                page = deputy_client.post(address("canvass_leave_out", canvass), form, follow=True).content.decode()
                assert sentence in page
                assert "1 owner would be asked" in page


class TestApproval:
    def test_the_whole_way(
        self, deputy: User, deputy_client: Client, supervisor: User, supervisor_client: Client
    ) -> None:
        registrant_at()
        incident = incident_at(by=deputy)
        deputy_client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident, radius_m=3280))
        canvass = Canvass.objects.get()
        page = deputy_client.get(address("canvass", canvass)).content.decode()
        assert "600 20th Street North" not in page
        assert "A supervisor must approve it first." in page
        assert "The cameras and their addresses are shown then." in page
        assert deputy_client.post(address("canvass_send", canvass)).status_code == 403
        deputy_client.post(address("canvass_ask_approval", canvass), {"reason": LARGE_REASON})
        assert "To approve" in supervisor_client.get(reverse("console")).content.decode()
        question = supervisor_client.get(address("canvass_approval", canvass)).content.decode()
        assert LARGE_REASON in question
        assert deputy.pseudonym in question
        assert "600 20th Street North" not in question
        supervisor_client.post(address("canvass_approval", canvass), {"decision": "approve", "note": ""})
        assert "Approved" in deputy_client.get(reverse("console")).content.decode()
        assert "600 20th Street North" in deputy_client.get(address("canvass", canvass)).content.decode()
        deputy_client.post(address("canvass_send", canvass))
        assert FootageRequest.objects.count() == 1

    def test_a_denial_needs_a_word_and_is_read(
        self, deputy: User, deputy_client: Client, supervisor_client: Client
    ) -> None:
        canvass = canvass_at("waiting", by=deputy)
        url = address("canvass_approval", canvass)
        page = supervisor_client.post(url, {"decision": "deny", "note": ""}).content.decode()
        assert "Write why you deny it" in page
        supervisor_client.post(url, {"decision": "deny", "note": "Half of it is enough."})
        page = deputy_client.get(address("canvass", canvass)).content.decode()
        assert "Half of it is enough." in page
        assert "Denied" in deputy_client.get(reverse("console")).content.decode()
        assert supervisor_client.get(url).status_code == 409

    def test_the_own_question_is_refused_and_in_no_queue(self, supervisor: User, supervisor_client: Client) -> None:
        canvass = canvass_at("waiting", by=supervisor)
        assert "To approve" not in supervisor_client.get(reverse("console")).content.decode()
        answer = supervisor_client.post(address("canvass_approval", canvass), {"decision": "approve"})
        assert answer.status_code == 403
        assert Approval.objects.get().granted is None

    def test_an_empty_reason_asks_nobody(self, deputy: User, deputy_client: Client) -> None:
        canvass = draft_of(incident_at(by=deputy), radius_m=1000)
        page = deputy_client.post(address("canvass_ask_approval", canvass), {"reason": "test"}).content.decode()
        assert "This does not say why." in page
        assert not Approval.objects.exists()


class TestEnding:
    def test_all_that_waits_is_taken_back_at_once(self, deputy: User, deputy_client: Client) -> None:
        canvass = canvass_at("sent", cameras=3, by=deputy)
        declined, none, waiting = FootageRequest.objects.order_by("pk")
        requests.decline(request=declined, by=link_actor(declined))
        requests.answer_none(request=none, by=link_actor(none))
        assert (
            "How many were told is not shown."
            in deputy_client.get(address("canvass_withdraw", canvass)).content.decode()
        )
        page = deputy_client.post(address("canvass_withdraw", canvass), follow=True).content.decode()
        assert "Nobody is asked any more." in page
        waiting.refresh_from_db()
        declined.refresh_from_db()
        assert (waiting.state, declined.state) == ("withdrawn", "withdrawn")  # who declined could still have given
        assert Message.objects.filter(kind="request_withdrawn").count() == 1
        assert "600 20th Street North" not in page

    def test_it_says_until_when_and_that_it_is_over(self, deputy: User, deputy_client: Client) -> None:
        running = canvass_at("sent", by=deputy)
        assert "Owners can answer until" in deputy_client.get(address("canvass", running)).content.decode()
        over = canvass_at("expired", by=deputy)
        page = deputy_client.get(address("canvass", over)).content.decode()
        assert "The time to answer ended on" in page
        assert "600 20th Street North" not in page

    @pytest.mark.parametrize("state", ["withdrawn", "closed"])
    def test_one_that_was_ended_gives_no_day_until_which_owners_can_answer(
        self, state: str, deputy: User, deputy_client: Client
    ) -> None:
        page = deputy_client.get(address("canvass", canvass_at(state, by=deputy))).content.decode()
        assert "Nobody is asked any more." in page
        assert "Owners can answer until" not in page
        assert "The time to answer ended on" not in page

    def test_it_does_not_end_because_all_have_answered(self) -> None:
        canvass = canvass_at("sent", cameras=2)
        for request in FootageRequest.objects.all():
            requests.decline(request=request, by=link_actor(request))
        assert canvasses.expire_due() == 0
        canvass.refresh_from_db()
        assert canvass.state == "sent"
        for request in FootageRequest.objects.all():
            let_time_pass(request)
        assert canvasses.expire_due() == 1

    def test_following_is_an_entry_once_in_a_while(self, deputy: User, deputy_client: Client) -> None:
        canvass = canvass_at("sent", by=deputy)
        for _ in range(3):
            deputy_client.get(address("canvass_replies", canvass))
        assert AuditEntry.objects.filter(event="registry:canvass:follow").count() == 1


class TestPurposes:
    def test_an_administrator_keeps_the_list(self, administrator_client: Client) -> None:
        form = {"name": "Find a stolen car", "name_es": "Encontrar un coche robado"}
        page = administrator_client.post(reverse("purposes"), form, follow=True).content.decode()
        assert "Find a stolen car" in page
        url = administrator_client.get(reverse("purposes")).context["purposes"].get(name="Find a stolen car").pk
        form["name"] = "Find a stolen vehicle"
        administrator_client.post(reverse("purpose", args=[url]), form)
        administrator_client.post(reverse("purpose_retire", args=[url]))
        page = administrator_client.get(reverse("purposes")).content.decode()
        assert "Find a stolen vehicle" in page
        assert "Off the list" in page
        administrator_client.post(reverse("purpose_restore", args=[url]))
        assert "Off the list" not in administrator_client.get(reverse("purposes")).content.decode()

    @pytest.mark.parametrize("name", ["purposes", "purpose"])
    def test_a_protest_is_never_one(self, administrator_client: Client, name: str) -> None:
        listed = administrator_client.get(reverse("purposes")).context["purposes"].first()
        url = reverse(name, args=[listed.pk] if name == "purpose" else [])
        form = {"name": "See who protests, a protest", "name_es": "Mirar"}
        assert "never asked for because of a protest" in administrator_client.post(url, form).content.decode()

    def test_owners_read_it_on_the_page_of_the_request(self, client: Client) -> None:
        canvass_at("sent")
        request = FootageRequest.objects.get()
        page = client.get(reverse("reply", args=[token_for(request)])).content.decode()
        assert "Identify a vehicle" in page
