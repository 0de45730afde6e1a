"""Agencies by county and outreach leads in the console: numbers first, a person only for a reason."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.log.events import Event
from registry.other_counties import services
from registry.other_counties.models import CountyAgency, OutreachNote
from registry.other_counties.services import AgencyDetails
from tests.factories import person
from tests.registry.entries import entries_of
from tests.registry.other_counties.elsewhere import SHELBY, lead_at, mover_of

pytestmark = pytest.mark.django_db

TYPED = {"county_fips": "Shelby County, AL", "name": "Shelby SO", "phone": "2055550170", "url": "https://s.example"}
TABLE = "county_fips,name,phone,email,url\n01117,Shelby SO,205-555-0170,,https://s.example\n01009,Blount SO,,,\n"


def text(browser: Client, name: str, *arguments: object, **query: str) -> str:
    return browser.get(reverse(name, args=arguments), query).content.decode()


def agency() -> CountyAgency:
    return services.add_agency(by=person("administrator"), details=AgencyDetails(SHELBY, "Shelby SO"))


class TestAgencies:
    def test_an_empty_table_says_what_would_appear(self, administrator_client: Client) -> None:
        assert "No agency yet" in text(administrator_client, "county_agencies")

    def test_one_is_added_by_name_of_its_county(self, administrator_client: Client) -> None:
        page = administrator_client.post(reverse("county_agency_new"), TYPED, follow=True).content.decode()
        assert "Shelby County, Alabama (01117)" in page
        assert CountyAgency.objects.get().phone == "205-555-0170"

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"county_fips": "Shelby"}, "More than one county has this name"),
            ({"county_fips": "Atlantis"}, "No county has this name"),
            ({"url": "http://s.example"}, "begins with https://"),
            ({"name": ""}, "Fill in “"),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field(
        self, changes: dict[str, str], sentence: str, administrator_client: Client
    ) -> None:
        page = administrator_client.post(reverse("county_agency_new"), TYPED | changes).content.decode()
        assert sentence in page
        assert not CountyAgency.objects.exists()

    def test_a_county_that_has_one_is_refused(self, administrator_client: Client) -> None:
        agency()
        page = administrator_client.post(reverse("county_agency_new"), TYPED).content.decode()
        assert "This county has an agency already" in page

    def test_it_is_found_changed_and_removed(self, administrator_client: Client) -> None:
        found = agency()
        assert "Shelby SO" in text(administrator_client, "county_agencies", q="shelby al")
        assert "No agency found" in text(administrator_client, "county_agencies", q="blount")
        assert "Shelby SO" in text(administrator_client, "county_agencies", q="shelby")
        administrator_client.post(reverse("county_agency", args=[found.pk]), TYPED | {"name": "Shelby Sheriff"})
        assert "Shelby Sheriff" in text(administrator_client, "county_agency", found.pk)
        assert "Remove this agency?" in text(administrator_client, "county_agency_remove", found.pk)
        assert CountyAgency.objects.exists()
        administrator_client.post(reverse("county_agency_remove", args=[found.pk]))
        assert not CountyAgency.objects.exists()
        assert administrator_client.get(reverse("county_agency", args=[found.pk])).status_code == 404


class TestTheTable:
    def test_it_counts_only_once_it_is_confirmed(self, administrator_client: Client) -> None:
        page = administrator_client.post(reverse("county_agencies_import"), {"text": TABLE}).content.decode()
        assert "All 2 rows are fine" in page
        assert not CountyAgency.objects.exists()
        done = administrator_client.post(
            reverse("county_agencies_import"), {"text": TABLE, "confirm": "1"}, follow=True
        ).content.decode()
        assert "Imported: 2 added, 0 changed, 0 as they were." in done
        assert CountyAgency.objects.count() == 2

    def test_a_file_is_read_first_and_counts_once_it_is_confirmed(self, administrator_client: Client) -> None:
        file = SimpleUploadedFile("agencies.csv", b"\xef\xbb\xbf" + TABLE.encode())
        page = administrator_client.post(reverse("county_agencies_import"), {"file": file, "text": ""})
        assert "All 2 rows are fine" in page.content.decode()
        assert not CountyAgency.objects.exists()
        kept = {"text": page.context["form"]["text"].value(), "confirm": "1"}
        administrator_client.post(reverse("county_agencies_import"), kept)
        assert CountyAgency.objects.count() == 2

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (TABLE.replace("Blount", "Blaunt\xe9").encode("cp1252"), "Please save it as “CSV UTF-8”"),
            (b"", "Choose a file, or paste the rows."),
        ],
    )
    def test_it_says_what_is_wrong_with_a_file(
        self, administrator_client: Client, content: bytes, sentence: str
    ) -> None:
        file = SimpleUploadedFile("agencies.csv", content)
        page = administrator_client.post(reverse("county_agencies_import"), {"file": file, "text": ""})
        assert sentence in page.content.decode()

    def test_with_a_wrong_row_nothing_counts_though_it_is_confirmed(self, administrator_client: Client) -> None:
        wrong = TABLE + "99999,Nowhere,,,\n"
        page = administrator_client.post(reverse("county_agencies_import"), {"text": wrong, "confirm": "1"})
        assert "Line 4: county_fips: No county has this code." in page.content.decode()
        assert not CountyAgency.objects.exists()

    def test_what_is_downloaded_can_be_imported(self, administrator_client: Client) -> None:
        administrator_client.post(reverse("county_agencies_import"), {"text": TABLE, "confirm": "1"})
        file = administrator_client.post(reverse("county_agencies_export"))
        assert file.headers["Content-Disposition"].startswith("attachment")
        again = {"text": file.content.decode(), "confirm": "1"}
        page = administrator_client.post(reverse("county_agencies_import"), again, follow=True).content.decode()
        assert "Imported: 0 added, 0 changed, 2 as they were." in page
        assert len(entries_of(Event.COUNTY_AGENCIES_EXPORTED)) == 1

    def test_an_empty_table_is_downloaded_with_its_columns(self, administrator_client: Client) -> None:
        file = administrator_client.post(reverse("county_agencies_export"))
        assert "county_fips,name,phone,email,url" in file.content.decode()


class TestLeads:
    def test_without_any_the_page_says_what_would_appear(self, administrator_client: Client) -> None:
        assert "No lead yet" in text(administrator_client, "leads")
        assert "No lead for this county" in text(administrator_client, "leads_of_county", SHELBY)

    def test_an_address_that_names_no_county_is_not_there(self, administrator_client: Client) -> None:
        page = reverse("leads_of_county", args=[SHELBY])
        assert administrator_client.get(page).status_code == 200
        assert administrator_client.get(page.replace(SHELBY, "%00")).status_code == 404

    def test_lists_hold_numbers_and_nobody(self, administrator_client: Client) -> None:
        lead = lead_at()
        pages = [
            text(administrator_client, "leads"),
            text(administrator_client, "leads_of_county", SHELBY),
            text(administrator_client, "lead", lead.pk),
        ]
        assert "Shelby County, Alabama" in pages[0]
        assert lead.reference in pages[1]
        for page in pages:
            assert "Rivera" not in page
            assert mover_of(lead).email not in page

    def test_the_person_is_shown_for_a_reason_and_only_on_that_answer(self, administrator_client: Client) -> None:
        lead = lead_at()
        address = reverse("lead_person", args=[lead.pk])
        refused = administrator_client.post(address, {"reason": "test"})
        assert refused.status_code == 422
        assert "Rivera" not in refused.content.decode()
        assert not entries_of(Event.LEAD_SHOWN)
        shown = administrator_client.post(address, {"reason": "The agency has joined; tell this person how"})
        assert "Ana Rivera" in shown.content.decode()
        assert "no-store" in shown.headers["Cache-Control"]
        for answer in (refused, shown):
            assert f'data-shown-at="{reverse("lead", args=[lead.pk])}"' in answer.content.decode()
        assert "data-shown-at" not in administrator_client.get(reverse("lead", args=[lead.pk])).content.decode()
        assert len(entries_of(Event.LEAD_SHOWN, lead)) == 1
        assert "Rivera" not in text(administrator_client, "lead", lead.pk)

    def test_only_the_step_that_deletes_is_warned_of(self, administrator_client: Client) -> None:
        before, after = text(administrator_client, "lead", lead_at().pk).split("Closing deletes the name")
        assert 'value="contacted"' in before
        assert 'value="closed"' in after

    def test_it_is_worked_to_its_end(self, administrator_client: Client) -> None:
        lead = lead_at()
        administrator_client.post(reverse("lead_note", args=[lead.pk]), {"text": "The sheriff calls back."})
        assert "The sheriff calls back." in text(administrator_client, "lead", lead.pk)
        for target in ("contacted", "answered", "joined", "closed"):
            administrator_client.post(reverse("lead_step", args=[lead.pk]), {"target": target})
        lead.refresh_from_db()
        assert (lead.state, lead.email) == ("closed", "")
        assert not OutreachNote.objects.exists()
        assert "Who it named and its notes are deleted" in text(administrator_client, "lead", lead.pk)

    def test_a_step_that_is_not_next_comes_too_late(self, administrator_client: Client) -> None:
        lead = lead_at()
        answer = administrator_client.post(reverse("lead_step", args=[lead.pk]), {"target": "joined"})
        assert answer.status_code == 409

    def test_an_empty_note_is_refused_beside_its_field(self, administrator_client: Client) -> None:
        lead = lead_at()
        answer = administrator_client.post(reverse("lead_note", args=[lead.pk]), {"text": " "})
        assert answer.status_code == 422
        assert "Fill in “" in answer.content.decode()
