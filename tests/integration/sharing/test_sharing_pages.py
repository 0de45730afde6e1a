"""A business's own pages about sharing, over HTTP."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.selectors import sharing_terms
from integration.cores.models import DeviceCamera
from integration.sharing import services
from integration.sharing.models import SharingAgreement, SharingRule
from integration.sharing.selectors import pause_of, rule_of
from registry.registrants.models import Registrant
from tests.audit.console.test_paper import text_in
from tests.integration.cores.devices import business_at
from tests.integration.sharing.consent import connected, set_mode, signed

pytestmark = pytest.mark.django_db

SEEN = "Deputies can see 1 camera live, only in a critical incident."


@pytest.fixture
def registrant(business: User) -> Registrant:
    return business_at(user=business)


@pytest.fixture
def camera(registrant: Registrant) -> DeviceCamera:
    return connected(registrant)


def text(browser: Client, name: str, *arguments: object) -> str:
    return browser.get(reverse(name, args=arguments)).content.decode()


def sign(browser: Client, step: str = "save", **changes: Any) -> Any:
    typed = {"signer": "Rosa Diaz", "title": "Manager", "agreed": "on", "document": sharing_terms().pk, "step": step}
    return browser.post(reverse("sharing_sign"), {**typed, **changes}, follow=True)


def save_rule(browser: Client, camera: DeviceCamera, **typed: Any) -> str:
    answer = browser.post(reverse("sharing_rule", args=[camera.pk]), typed, follow=True)
    return str(answer.content.decode())


class TestTheOverview:
    def test_the_profile_of_a_business_leads_there(self, registrant: Registrant, business_client: Client) -> None:
        assert f'href="{reverse("own_sharing")}"' in text(business_client, "profile")

    def test_without_cameras_it_says_what_would_stand_there(
        self, registrant: Registrant, business_client: Client
    ) -> None:
        page = text(business_client, "own_sharing")
        assert "No camera is connected" in page
        assert "Deputies can see no camera of yours live: none is connected through a CORE." in page

    def test_it_says_for_how_many_cameras_sharing_is_on(self, camera: DeviceCamera, business_client: Client) -> None:
        signed(camera.camera.premises.registrant)
        assert "Deputies can see no camera of yours live now." in text(business_client, "own_sharing")
        set_mode(camera, "incident")
        page = text(business_client, "own_sharing")
        assert SEEN in page
        assert "Shared. A deputy can view it only during a critical incident nearby." in page
        assert "Signed by Rosa Diaz, Manager." in page

    def test_rules_without_an_agreement_are_said_to_have_no_effect(
        self, camera: DeviceCamera, business_client: Client
    ) -> None:
        set_mode(camera, "incident")
        page = text(business_client, "own_sharing")
        assert "they have no effect until somebody signs" in page
        assert "Nobody can view it now. No sharing agreement is in force." in page

    def test_one_button_pauses_everything_and_one_ends_it(self, camera: DeviceCamera, business_client: Client) -> None:
        registrant = camera.camera.premises.registrant
        signed(registrant)
        set_mode(camera, "incident")
        page = business_client.post(reverse("sharing_pause"), follow=True).content.decode()
        assert "Sharing is paused. Deputies can see no camera of yours live." in page
        assert "Nobody can view it now. Sharing is paused." in page
        assert pause_of(registrant) is not None
        page = business_client.post(reverse("sharing_resume"), follow=True).content.decode()
        assert SEEN in page
        assert "one by one" not in page
        assert pause_of(registrant) is None

    def test_a_camera_that_is_paused_says_so_and_its_pause_is_ended_there(
        self, camera: DeviceCamera, business_client: Client
    ) -> None:
        signed(camera.camera.premises.registrant)
        set_mode(camera, "incident")
        for address in (reverse("camera_pause", args=[camera.camera_id]), reverse("sharing_pause")):
            business_client.post(address)
        page = business_client.post(reverse("sharing_resume"), follow=True).text
        assert "but for those that you paused one by one" in page
        assert "Nobody can view it now. This camera is paused." in page
        resume = reverse("camera_resume", args=[camera.camera_id])
        assert f'action="{resume}"' in page
        sharing = f"http://testserver{reverse('own_sharing')}"
        page = business_client.post(resume, follow=True, headers={"referer": sharing}).text
        assert SEEN in page
        assert resume not in page

    def test_it_reads_spanish(self, camera: DeviceCamera, business_client: Client) -> None:
        answer = business_client.get(reverse("own_sharing"), headers={"Accept-Language": "es"})
        assert "Cámaras conectadas" in answer.content.decode()


class TestSigning:
    def test_it_is_read_checked_and_only_then_signed(self, registrant: Registrant, business_client: Client) -> None:
        assert "When a deputy may look" in text(business_client, "sharing_sign")
        page = sign(business_client, "look").content.decode()
        assert "Nothing is signed yet." in page
        assert "Rosa Diaz, Manager" in page
        assert not SharingAgreement.objects.exists()
        assert 'value="Rosa Diaz"' in sign(business_client, "fill-in").content.decode()
        assert "Signed." in sign(business_client).content.decode()
        assert SharingAgreement.objects.get().registrant == registrant

    @pytest.mark.parametrize(
        ("changes", "told"),
        [({"agreed": ""}, "Please tick the box"), ({"signer": " "}, "Fill in “")],
    )
    def test_nothing_is_signed_half(
        self, changes: dict[str, str], told: str, registrant: Registrant, business_client: Client
    ) -> None:
        assert told in sign(business_client, **changes).content.decode()
        assert not SharingAgreement.objects.exists()

    def test_another_version_than_the_one_in_force_is_too_late(
        self, registrant: Registrant, business_client: Client
    ) -> None:
        assert sign(business_client, document=uuid4()).status_code == 409

    def test_it_asks_to_sign_in_again(self, registrant: Registrant, business_client: Client) -> None:
        with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
            answer = business_client.get(reverse("sharing_sign"))
        assert answer.status_code == 302
        assert "reauthenticate" in answer.headers["Location"]

    def test_taking_it_back_says_what_stops_and_gives_a_proof(
        self, registrant: Registrant, business_client: Client
    ) -> None:
        agreement = signed(registrant)
        assert "Nobody asks why." in text(business_client, "sharing_revoke", agreement.pk)
        page = business_client.post(reverse("sharing_revoke", args=[agreement.pk]), follow=True).content.decode()
        assert "Nothing is shared any more." in page
        assert reverse("sharing_end_paper", args=[agreement.pk]) in page

    def test_both_come_as_tagged_pdfs(self, registrant: Registrant, business_client: Client) -> None:
        agreement = signed(registrant)
        assert business_client.get(reverse("sharing_end_paper", args=[agreement.pk])).status_code == 409
        services.revoke_agreement(agreement=agreement, by=registrant.user)
        for name in ("sharing_paper", "sharing_end_paper"):
            answer = business_client.get(reverse(name, args=[agreement.pk]))
            assert answer.headers["Content-Type"] == "application/pdf"
            disposition = answer.headers["Content-Disposition"]
            assert disposition.startswith(f'attachment; filename="{registrant.reference}-agreement-')
            assert ("-end-" in disposition) is (name == "sharing_end_paper")
            inside = text_in(answer.content)
            assert b"pdfuaid" in inside
            assert b"/StructTreeRoot" in inside


class TestARule:
    def test_a_week_is_set_shown_and_kept(self, camera: DeviceCamera, business_client: Client) -> None:
        typed = {"from0": "08:15", "to0": "18:45", "from4": "22:00", "to4": "06:00", "from6": "00:00", "to6": "00:00"}
        days = {"day1": "2026-12-25", "what1": "closed", "day3": "2026-11-27", "what3": "open"}
        page = save_rule(business_client, camera, mode="schedule", **typed, **days)
        assert "Monday: 8:15 a.m. to 6:45 p.m." in page
        assert "Friday: 10 p.m. to 6 a.m." in page
        assert "Sunday: all day" in page
        assert "Not shared on Dec. 25, 2026" in page
        assert "Shared all day on Nov. 27, 2026" in page
        rule = rule_of(camera)
        assert rule is not None
        assert rule.week == [[[495, 1125]], [], [], [], [[1320, 1800]], [], [[0, 1440]]]
        page = text(business_client, "sharing_rule", camera.pk)
        for told in ('value="08:15"', 'value="18:45"', 'value="2026-12-25"', 'value="2026-11-27"', 'id="id_day5"'):
            assert told in page

    @pytest.mark.parametrize(
        ("typed", "field", "told"),
        [
            ({"from0": "08:00"}, "to0", "Fill in both times, or none."),
            ({"to0": "08:00"}, "from0", "Fill in both times, or none."),
            ({"from0": "08:00", "to0": "08:00"}, "to0", "Choose another time."),
            ({"from0": "8 o'clock", "to0": "18:00"}, "from0", "Enter a valid time."),
            ({}, "from0", "Write the hours of one day at least"),
            (
                {"day1": "2026-12-25", "what1": "closed", "day2": "2026-12-25", "what2": "open"},
                "day1",
                "is here twice",
            ),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field(
        self, typed: dict[str, str], field: str, told: str, camera: DeviceCamera, business_client: Client
    ) -> None:
        page = save_rule(business_client, camera, mode="schedule", **typed)
        assert told in page
        assert f'id="id_{field}_error"' in page
        assert self.is_open(page, "Days that are different") is (field == "day1")
        assert not SharingRule.objects.exists()

    def test_a_time_that_can_t_be_read_is_wrong_once(self, camera: DeviceCamera, business_client: Client) -> None:
        page = save_rule(business_client, camera, mode="schedule", from0="8 o'clock", to0="18:00")
        assert "Fill in both times" not in page

    def test_hours_are_asked_for_a_schedule_only(self, camera: DeviceCamera, business_client: Client) -> None:
        save_rule(business_client, camera, mode="incident", from0="08:00")
        rule = rule_of(camera)
        assert rule is not None
        assert (rule.mode, rule.week) == ("incident", [])
        assert self.is_open(save_rule(business_client, camera, mode="incident", from0="8 o'clock"))

    def test_the_hours_are_open_while_they_count(self, camera: DeviceCamera, business_client: Client) -> None:
        for mode, is_open in (("incident", False), ("schedule", True)):
            set_mode(camera, mode)
            assert self.is_open(text(business_client, "sharing_rule", camera.pk)) is is_open

    def is_open(self, page: str, summary: str = "The hours that I set</summary>") -> bool:
        """Tell whether what is behind a summary is shown at once."""
        return "open" in page.split(summary, maxsplit=1)[0].rsplit("<details", 1)[1]

    def test_share_now_begins_and_stops_by_a_button(self, camera: DeviceCamera, business_client: Client) -> None:
        signed(camera.camera.premises.registrant)
        page = save_rule(business_client, camera, mode="ask")
        assert "Nobody can see this camera until you share it below." in page
        page = business_client.post(
            reverse("share_now", args=[camera.pk]), {"hours": "2"}, follow=True
        ).content.decode()
        assert "Shared until" in page
        page = business_client.post(reverse("stop_sharing", args=[camera.pk]), follow=True).content.decode()
        assert "Stopped. Nobody can see this camera now." in page

    def test_share_now_for_longer_is_refused(self, camera: DeviceCamera, business_client: Client) -> None:
        set_mode(camera, "ask")
        page = business_client.post(reverse("share_now", args=[camera.pk]), {"hours": "9"}).content.decode()
        assert "Select a valid choice." in page


def test_the_history_says_who_said_what_and_when(camera: DeviceCamera, business_client: Client) -> None:
    registrant = camera.camera.premises.registrant
    page = text(business_client, "sharing_history")
    for told in ("No rule was set yet", "None was signed yet.", "You have not paused sharing yet."):
        assert told in page
    set_mode(camera, "schedule")
    set_mode(camera, "ask")
    services.share_now(camera=camera, by=registrant.user, hours=1)
    services.pause_sharing(registrant=registrant, by=registrant.user)
    signed(registrant)
    page = text(business_client, "sharing_history")
    for told in (
        "changed when this camera may be seen: During a critical incident nearby, at the hours that I set; Mon 08:00",
        "shared this camera for a time: until ",
        "Version 2 signed by Rosa Diaz, Manager",
        "Everything has been paused since then.",
        "You</td>",
    ):
        assert told in page


def test_it_is_all_in_the_file_of_own_data(camera: DeviceCamera, business_client: Client) -> None:
    registrant = camera.camera.premises.registrant
    signed(registrant)
    set_mode(camera, "schedule")
    set_mode(camera, "never")
    services.pause_sharing(registrant=registrant, by=registrant.user)
    answer: Any = business_client.post(reverse("export_data"))
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        data = json.loads(archive.read("data.json"))
    assert [rule["mode"] for rule in data["sharing_rules"]] == ["schedule", "never"]
    assert data["sharing_agreements"][0]["signer"] == "Rosa Diaz"
    assert data["sharing_pauses"][0]["ended_at"] == ""


def test_another_business_finds_none_of_it(
    camera: DeviceCamera, other_business: User, other_business_client: Client
) -> None:
    agreement = signed(camera.camera.premises.registrant)
    business_at(user=other_business)
    pages = [
        (name, each)
        for names, each in (
            (("sharing_rule", "share_now", "stop_sharing"), camera.pk),
            (("sharing_revoke", "sharing_paper", "sharing_end_paper"), agreement.pk),
        )
        for name in names
    ]
    for name, pk in pages:
        address = reverse(name, args=[pk])
        answers = {other_business_client.get(address).status_code, other_business_client.post(address).status_code}
        assert answers <= {404, 405}
        assert 404 in answers
    assert "Rosa" not in text(other_business_client, "own_sharing")


def test_a_resident_has_no_such_pages(resident_client: Client) -> None:
    assert resident_client.get(reverse("own_sharing")).status_code == 403
