"""Leaving and taking one's data along, as pages. Deputies see nothing of it."""

import csv
import io
import json
import re
import time
from zipfile import ZipFile

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import delivery
from fusus_portal.ground.tables import as_csv, harmless
from registry.people.services import registrants
from registry.places.models import Camera
from registry.registrants.models import Registrant
from tests.factories import LINN_PARK, draft_of, incident_at, north_of, person, registrant_at, request_at
from tests.people import sign_in
from tests.registry.entries import entries_of
from tests.registry.footage.footage import begun, given, sent, video
from tests.times import TIME_OF_DAY

pytestmark = pytest.mark.django_db

CHANGING = re.compile(
    rf'csrfmiddlewaretoken" value="[^"]*"|[0-9a-f]{{8}}-[0-9a-f-]{{27}}|20\d\d-\d{{6}}|{TIME_OF_DAY}|nonce="[^"]*"'
)
"""Parts that differ between two pages that say the same of two incidents."""


def make_world() -> Registrant:
    """Return somebody with a camera."""
    return registrant_at()


@pytest.fixture
def registrant(world: Registrant) -> Registrant:
    return world


@pytest.fixture
def resident(world: Registrant) -> User:
    """Return the account of the owner."""
    return world.user


def text(browser: Client, name: str, *arguments: object) -> str:
    return browser.get(reverse(name, args=arguments)).content.decode()


def unpacked(content: bytes) -> dict[str, str]:
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


class TestThePage:
    def test_it_says_before_anything_what_goes_and_what_stays(
        self, registrant: Registrant, resident_client: Client
    ) -> None:
        request = request_at("footage", registrant=registrant)
        file = given(request)
        sent(begun(request), video()[:10])
        request_at("sent", registrant=registrant)
        page = text(resident_client, "leave")
        for line in [
            "One place",
            "One camera",
            "One request that waits",
            "One file that is on its way",
            "every sign-in",
        ]:
            assert line in page
        assert f", {timezone.localtime(file.kept_until).year}, longer if a court" in page
        assert page.index("What is deleted") < page.index("What is kept") < page.index("Leave and delete my data")
        assert Registrant.objects.filter(pk=registrant.pk).exists()

    def test_without_footage_only_the_log_is_kept(self, registrant: Registrant, resident_client: Client) -> None:
        page = text(resident_client, "leave")
        assert "longer if a court" not in page
        assert "Nobody can take a line out of the log" in page

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_it_asks_for_the_password_again(self, method: str, registrant: Registrant, resident_client: Client) -> None:
        session = resident_client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 600}]
        session.save()
        answer = getattr(resident_client, method)(reverse("leave"))
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
        assert Registrant.objects.filter(pk=registrant.pk).exists()

    def test_it_is_in_spanish(self, registrant: Registrant, resident_client: Client) -> None:
        resident_client.cookies["django_language"] = "es"
        page = text(resident_client, "leave")
        assert "Qué se borra" in page
        assert "What is" not in page

    def test_the_profile_leads_there(self, registrant: Registrant, resident_client: Client) -> None:
        page = text(resident_client, "profile_account")
        assert f'href="{reverse("leave")}"' in page
        assert f'action="{reverse("export_data")}"' in page


class TestLeaving:
    def test_one_press_ends_it_and_shows_the_receipt(
        self, registrant: Registrant, resident: User, resident_client: Client
    ) -> None:
        elsewhere = sign_in(resident)
        receipt = resident_client.post(reverse("leave"), follow=True)
        assert receipt.redirect_chain == [(reverse("left"), 302)]
        assert f"Registration {registrant.reference} has ended" in receipt.content.decode()
        assert "Ana Rivera" not in receipt.content.decode()
        assert not User.objects.filter(pk=resident.pk).exists()
        for browser in (resident_client, elsewhere):
            assert browser.get(reverse("profile")).headers["Location"].startswith(reverse("account_login"))

    def test_a_second_press_has_no_effect(self, registrant: Registrant, resident_client: Client) -> None:
        resident_client.post(reverse("leave"))
        again = resident_client.post(reverse("leave"))
        assert again.headers["Location"].startswith(reverse("account_login"))
        assert len(entries_of(Event.REGISTRANT_LEFT)) == 1

    def test_it_is_only_ever_one_s_own(
        self, registrant: Registrant, other_resident: User, other_resident_client: Client
    ) -> None:
        registrant_at(north_of(LINN_PARK, 5_000), user=other_resident)
        other_resident_client.post(reverse("leave"))
        assert list(Registrant.objects.all()) == [registrant]

    def test_the_receipt_is_only_for_who_has_left(self, visitor_client: Client) -> None:
        assert visitor_client.get(reverse("left")).headers["Location"] == reverse("home")

    @pytest.mark.parametrize(("language", "said"), [("en", "What was deleted"), ("es", "Qué se borró")])
    def test_the_receipt_comes_by_mail_and_the_address_is_forgotten(self, language: str, said: str) -> None:
        registrant = registrant_at(user=person(language=language), language=language)
        email = registrant.user.email
        registrants.leave(registrant=registrant, by=registrant.user)
        (message,) = Message.objects.filter(to=email)
        assert delivery.deliver(pk=message.pk)
        (letter,) = mail.outbox
        assert letter.to == [email]
        assert registrant.reference in letter.subject
        assert said in letter.body
        message.refresh_from_db()
        assert (message.to, message.context) == ("", {})


class TestWhatDeputiesSee:
    @pytest.mark.parametrize("state", ["sent", "declined", "expired", "footage", "none"])
    def test_the_numbers_of_a_canvass_stay(self, state: str, deputy: User, deputy_client: Client) -> None:
        registrant = registrant_at()
        registrant_at(north_of(LINN_PARK, 50))
        request = request_at(state, registrant=registrant, by=deputy)
        pages = {"canvass_replies": request.canvass_id, "incident": request.incident_id}
        before = {name: CHANGING.sub("", text(deputy_client, name, pk)) for name, pk in pages.items()}
        registrants.leave(registrant=registrant, by=registrant.user)
        after = {name: CHANGING.sub("", text(deputy_client, name, pk)) for name, pk in pages.items()}
        assert after == before

    def test_leaving_looks_the_same_whatever_was_answered(self, deputy: User, deputy_client: Client) -> None:
        seen = set()
        for state in ["sent", "declined"]:
            registrant = registrant_at()
            request = request_at(state, registrant=registrant, by=deputy)
            registrants.leave(registrant=registrant, by=registrant.user)
            seen.add(CHANGING.sub("", text(deputy_client, "canvass", request.canvass_id)))
        assert len(seen) == 1

    def test_the_giver_of_footage_is_named_before_and_after(self, deputy: User, deputy_client: Client) -> None:
        registrant = registrant_at()
        file = given(request_at("footage", registrant=registrant, by=deputy))
        assert "Ana Rivera" in text(deputy_client, "evidence", file.pk)
        registrants.leave(registrant=registrant, by=registrant.user)
        assert "Ana Rivera" in text(deputy_client, "evidence", file.pk)


class TestTakingTheData:
    def test_it_holds_all_that_is_there(self, registrant: Registrant, resident: User, resident_client: Client) -> None:
        request = request_at("footage", registrant=registrant)
        file = given(request)
        response = resident_client.post(reverse("export_data"))
        assert response["Content-Type"] == "application/zip"
        assert "attachment" in response["Content-Disposition"]
        files = unpacked(response.getvalue())
        data = json.loads(files["data.json"])
        assert {f"{name}.csv" for name in data} | {"data.json"} == set(files)
        assert data["contact"][0]["email"] == resident.email
        assert data["places"][0]["street"] == "600 20th Street North"
        assert data["cameras"][0]["name"] == "Camera 1"
        assert (data["requests"][0]["number"], data["requests"][0]["answer"]) == (request.number, "footage")
        assert data["files"][0]["sha256"] == file.sha256
        assert "asked for footage from this camera" in {look["what"] for look in data["looks"]}
        assert {message["kind"] for message in data["messages"]} == {"registration_confirmed", "footage_received"}
        assert data["sign_ins"][0]["browser"] == "Test browser"
        assert ("registrant", "name", "Ana Rivera") in {
            (line["thing"], line["field"], line["was"]) for line in data["history"]
        }
        (row,) = csv.DictReader(io.StringIO(files["contact.csv"]))
        assert row["name"] == "Ana Rivera"
        assert len(entries_of(Event.REGISTRANT_EXPORTED, registrant)) == 1

    def test_a_long_list_of_looks_is_read_in_pieces_and_whole_in_both_files(
        self, registrant: Registrant, resident_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("registry.access_log.presenters.looks.A_PIECE", 2)
        for _again in range(4):
            draft_of(incident_at())
        files = unpacked(resident_client.post(reverse("export_data")).getvalue())
        looks = json.loads(files["data.json"])["looks"]
        assert [look["entry"] for look in looks] == [5, 4, 3, 2, 1]
        assert [row["entry"] for row in csv.DictReader(io.StringIO(files["looks.csv"]))] == ["5", "4", "3", "2", "1"]

    def test_it_holds_nothing_of_others(self, registrant: Registrant, resident_client: Client) -> None:
        other = registrant_at(north_of(LINN_PARK, 50))
        request_at("sent", registrant=other)
        everything = " ".join(unpacked(resident_client.post(reverse("export_data")).getvalue()).values())
        assert other.reference not in everything
        assert other.user.email not in everything

    def test_without_its_entry_there_is_no_file(
        self, registrant: Registrant, resident_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(**named: object) -> None:
            raise RuntimeError("no room for an entry")

        monkeypatch.setattr(registrants, "record", refuse)
        with pytest.raises(RuntimeError, match="no room"):
            resident_client.post(reverse("export_data"))

    def test_a_picture_that_is_replaced_in_this_very_moment_stops_nothing(
        self, registrant: Registrant, resident_client: Client
    ) -> None:
        camera = Camera.objects.filter(premises__registrant=registrant)
        camera.update(snapshot=f"{camera.get().pk.hex}/gone.jpg", snapshot_at=timezone.now())
        archive = ZipFile(io.BytesIO(resident_client.post(reverse("export_data")).getvalue()))
        assert [name for name in archive.namelist() if name.startswith("pictures/")] == []

    def test_reading_the_address_does_nothing(self, registrant: Registrant, resident_client: Client) -> None:
        assert resident_client.get(reverse("export_data")).status_code == 405
        assert entries_of(Event.REGISTRANT_EXPORTED) == []

    @pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
    def test_a_cell_can_be_no_formula(self, begin: str) -> None:
        assert harmless(f"{begin}HYPERLINK(1)") == f"'{begin}HYPERLINK(1)"
        assert f"'{begin}1" in as_csv([{"name": f"{begin}1"}])

    def test_numbers_stay_numbers(self) -> None:
        assert as_csv([{"longitude": -86.8}]) == "longitude\r\n-86.8\r\n"
