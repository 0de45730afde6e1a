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
from integration.sharing.forms import PARTS, WEEKS
from integration.sharing.models import OpeningHours, SharingAgreement, SharingRule
from integration.sharing.selectors import pause_of, rule_of
from integration.sharing.services import Wish
from registry.places.services import cameras as premises_cameras
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import Registrant
from tests.audit.console.test_paper import text_in
from tests.integration.cores.devices import business_at, device_camera_at
from tests.integration.sharing.consent import OFFICE_HOURS, connected, owner_of, set_mode, signed

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


def lines(name: str, *typed: tuple[str, str, str]) -> dict[str, str]:
    """Return a list of hours as its form sends it."""
    return {
        f"{name}{number}_{part}": value
        for number, line in enumerate(typed)
        for part, value in zip(PARTS, line, strict=True)
    }


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
        typed = lines("own", ("0", "08:15", "18:45"), ("4", "22:00", "06:00"), ("6", "00:00", "00:00"))
        days = {"day1": "2026-12-25", "what1": "closed", "day3": "2026-11-27", "what3": "open"}
        page = save_rule(business_client, camera, mode="schedule", **typed, **days)
        assert "joined" not in page
        assert "Monday, 8:15 a.m. to 6:45 p.m." in page
        assert "Friday, 10 p.m. to 6 a.m." in page
        assert "Sunday, all day" in page
        assert "Not shared on Dec. 25, 2026" in page
        assert "Shared all day on Nov. 27, 2026" in page
        rule = rule_of(camera)
        assert rule is not None
        assert rule.week == [[[495, 1125]], [], [], [], [[1320, 1800]], [], [[0, 1440]]]
        page = text(business_client, "sharing_rule", camera.pk)
        for told in ('value="08:15"', 'value="18:45"', 'value="2026-12-25"', 'value="2026-11-27"', 'id="id_day5"'):
            assert told in page

    def test_hours_that_overlap_or_cross_midnight_are_joined_and_it_says_so(
        self, camera: DeviceCamera, business_client: Client
    ) -> None:
        typed = lines("own", ("4", "22:00", "06:00"), ("5", "05:00", "09:00"), ("56", "08:00", "10:00"))
        page = save_rule(business_client, camera, mode="schedule", **typed)
        assert "Hours that overlap were joined." in page
        assert "Friday, 10 p.m. to 10 a.m." in page
        assert "Sunday, 8 a.m. to 10 a.m." in page
        assert "Saturday" not in page

    def test_opening_hours_are_kept_for_the_place_and_offered_for_its_next_camera(
        self, camera: DeviceCamera, business_client: Client
    ) -> None:
        details = CameraDetails(name="Back door")
        premises_cameras.add(premises=camera.camera.premises, by=owner_of(camera).user, details=details)
        second = device_camera_at(camera.core, channel="back")
        save_rule(business_client, camera, mode="outside", **lines("opening", ("01234", "08:00", "18:00")))
        page = text(business_client, "sharing_rule", second.pk)
        assert 'value="08:00"' in page
        assert f"follow them, too: {camera.camera.name}." in page
        page = save_rule(business_client, second, mode="outside", **lines("opening", ("01234", "09:00", "18:00")))
        assert page.count("Opening hours: Monday to Friday, 9 a.m. to 6 p.m.") == 2

    @pytest.mark.parametrize(
        ("line", "field", "told"),
        [
            (("0", "08:00", ""), "to", "Fill in the days and both times, or none of them."),
            (("0", "", "08:00"), "from", "Fill in the days and both times, or none of them."),
            (("", "08:00", "18:00"), "days", "Fill in the days and both times, or none of them."),
            (("0", "08:00", "08:00"), "to", "Choose another time."),
            (("0", "8 o'clock", "18:00"), "from", "Enter a valid time."),
            (("09", "08:00", "18:00"), "days", "Select a valid choice."),
        ],
    )
    def test_what_is_wrong_in_a_line_is_said_beside_its_field(
        self, line: tuple[str, str, str], field: str, told: str, camera: DeviceCamera, business_client: Client
    ) -> None:
        for mode, name in WEEKS.items():
            page = save_rule(business_client, camera, mode=mode, **lines(name, ("1", "08:00", "18:00"), line))
            assert told in page
            assert f'id="id_{name}1_{field}_error"' in page
            assert page.count('class="usa-error-message"') == 1
        assert not SharingRule.objects.exists()

    @pytest.mark.parametrize(
        ("mode", "typed", "told"),
        [
            ("outside", {}, "Say when it is open: choose one of the three"),
            ("outside", {"opening0_days": "0123456", "opening0_from": "00:00", "opening0_to": "00:00"}, "never shared"),
            ("schedule", {}, "So this camera is never shared."),
            (
                "schedule",
                {"day1": "2026-12-25", "what1": "closed", "day2": "2026-12-25", "what2": "open"},
                "is here twice",
            ),
        ],
    )
    def test_hours_that_say_nothing_are_refused(
        self, mode: str, typed: dict[str, str], told: str, camera: DeviceCamera, business_client: Client
    ) -> None:
        page = save_rule(business_client, camera, mode=mode, **typed)
        assert told in page
        is_open = "open" in page.split("Days that are different", maxsplit=1)[0].rsplit("<details", 1)[1]
        assert is_open is ("day1" in typed)
        assert not SharingRule.objects.exists()

    def test_hours_of_another_choice_are_neither_asked_for_nor_kept(
        self, camera: DeviceCamera, business_client: Client
    ) -> None:
        wrong = lines("own", ("0", "8 o'clock", "")) | lines("opening", ("0", "08:00", "18:00"))
        save_rule(business_client, camera, mode="incident", **wrong)
        rule = rule_of(camera)
        assert rule is not None
        assert (rule.mode, rule.week) == ("incident", [])
        assert not OpeningHours.objects.exists()

    def test_as_many_lines_are_read_as_were_sent(self, camera: DeviceCamera, business_client: Client) -> None:
        typed = [("0", f"{hour:02}:00", f"{hour:02}:30") for hour in range(24)]
        save_rule(business_client, camera, mode="schedule", **lines("own", *typed))
        rule = rule_of(camera)
        assert rule is not None
        assert rule.week == [[[hour * 60, hour * 60 + 30] for hour in range(24)], *[[]] * 6]

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
        "changed when this camera may be seen: At hours of its own, during a critical incident nearby; ",
        "Monday to Thursday, 8 a.m. to 6 p.m.; Friday, 10 p.m. to 6 a.m.",
        "shared this camera for a time: until ",
        "Version 2 signed by Rosa Diaz, Manager",
        "Everything has been paused since then.",
        "You</td>",
    ):
        assert told in page


def test_device_rule_sharing_agreement_and_history_say_the_same_hours(
    camera: DeviceCamera, business_client: Client
) -> None:
    week = [*[[[480, 1080]]] * 5, [], []]
    services.set_rule(camera=camera, by=owner_of(camera).user, wish=Wish("outside", week))
    words = (
        "Outside opening hours, during a critical incident nearby; Opening hours: Monday to Friday, 8 a.m. to 6 p.m."
    )
    device, rule = ("device", camera.core_id), ("sharing_rule", camera.pk)
    pages = [text(business_client, *which) for which in (device, rule, ("sharing_sign",), ("sharing_history",))]
    for page in (*pages, sign(business_client, "look").content.decode()):
        assert words in page
    assert all(part in text(business_client, "own_sharing") for part in words.split("; "))


def test_it_is_all_in_the_file_of_own_data(camera: DeviceCamera, business_client: Client) -> None:
    registrant = camera.camera.premises.registrant
    signed(registrant)
    set_mode(camera, "schedule")
    set_mode(camera, "outside")
    set_mode(camera, "never")
    services.pause_sharing(registrant=registrant, by=registrant.user)
    answer: Any = business_client.post(reverse("export_data"))
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        data = json.loads(archive.read("data.json"))
    assert [rule["mode"] for rule in data["sharing_rules"]] == ["schedule", "outside", "never"]
    assert data["sharing_opening_hours"][0]["week"] == str(OFFICE_HOURS)
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
