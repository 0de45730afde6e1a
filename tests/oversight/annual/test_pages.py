"""The pages on which a report is written, and where everybody finds it."""

import pytest
from django.test import Client
from django.urls import reverse

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.oversight.annual.definitions import LONGEST_TEXT, PARTS, REQUIRED
from fusus_portal.oversight.annual.models import AnnualText
from tests.factories import person
from tests.oversight.annual.years import SAID, release, write
from tests.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def read(client: Client, name: str, *args: object, status: int = 200) -> str:
    """Return what a page says."""
    page = client.get(reverse(name, args=args))
    assert page.status_code == status
    return page.content.decode()


def part(year: int, key: str) -> str:
    return reverse("annual_part", args=[year, key])


class TestWriting:
    def test_a_year_from_the_list_to_the_public_page(self, year: int, administrator_client: Client) -> None:
        assert f"The report of {year} is not released." in read(administrator_client, "admin")
        assert "Not released" in read(administrator_client, "annual_years")
        draft = read(administrator_client, "annual_draft", year)
        assert "9 parts that ordinances ask for have no text yet" in draft
        assert all(str(each.heading) in draft for each in PARTS)
        place = part(year, REQUIRED[0].key)
        for following in [*(part(year, each.key) for each in REQUIRED[1:]), reverse("annual_draft", args=[year])]:
            answer = administrator_client.post(place, {"revision": "0", "text": SAID})
            assert answer["Location"] == following
            place = following
        assert "Each part that ordinances ask for is written." in read(administrator_client, "annual_draft", year)
        asked = administrator_client.get(reverse("annual_release", args=[year]))
        sent = administrator_client.post(
            reverse("annual_release", args=[year]), {"seen": asked.context["mark"], "is_named": "on"}
        )
        assert sent["Location"] == reverse("annual_report", args=[year])
        said = read(Client(), "annual_report", year)
        assert "Administrator (Administrator)" in said
        assert said.count("Written by the office") == 9
        assert reverse("annual_report", args=[year]) in read(Client(), "transparency")
        assert reverse("annual_paper", args=[year, 1]) in read(Client(), "transparency")
        assert "Nothing: what is written here is public." in read(administrator_client, "annual_draft", year)

    def test_each_saved_text_is_an_entry_without_the_text(self, year: int, administrator: User) -> None:
        write(year, "cost", administrator, SAID)
        entry = AuditEntry.objects.get(event=Event.ANNUAL_TEXT_WRITTEN)
        assert entry.facts == {"year": year, "part": "cost", "revision": 1}

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "If there is nothing to tell, say that in a sentence."),
            (" \r\n ", "If there is nothing to tell, say that in a sentence."),
            ("a" * 100_000, "Use at most 10000 characters. These are 100000."),
            ("It cost \x07 nothing", "Remove the character after “It cost ”"),
            ("It cost \u202e nothing", "Remove the character after “It cost ”"),
        ],
        ids=["empty", "blank", "long", "bell", "turned"],
    )
    def test_bad_input_is_told_and_what_was_typed_is_still_there(
        self, year: int, administrator_client: Client, text: str, said: str
    ) -> None:
        answer = administrator_client.post(part(year, "cost"), {"revision": "0", "text": text})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in page
        assert text.strip("\r\n ") in page
        assert not AnnualText.objects.exists()

    def test_as_much_as_is_allowed_and_line_ends_of_a_browser(self, year: int, administrator_client: Client) -> None:
        text = "a\r\n\r\nb" + "c" * (LONGEST_TEXT - 4)
        assert administrator_client.post(part(year, "cost"), {"revision": "0", "text": text}).status_code == 302
        assert AnnualText.objects.get().text == text.replace("\r\n", "\n")

    def test_an_optional_part_may_be_emptied_again(self, year: int, administrator_client: Client) -> None:
        administrator_client.post(part(year, "use"), {"revision": "0", "text": SAID})
        assert administrator_client.post(part(year, "use"), {"revision": "1", "text": ""}).status_code == 302
        assert "(optional)" in administrator_client.get(part(year, "use")).content.decode()
        assert "(optional)" not in administrator_client.get(part(year, "cost")).content.decode()
        assert SAID not in read(administrator_client, "annual_draft", year)


class TestTwoWriters:
    def test_the_second_reads_what_the_first_saved_and_loses_nothing(
        self, year: int, administrator: User, administrator_client: Client
    ) -> None:
        other = sign_in(person(Role.ADMINISTRATOR))
        administrator_client.post(part(year, "cost"), {"revision": "0", "text": "It cost 4 dollars."})
        refused = other.post(part(year, "cost"), {"revision": "0", "text": "It cost 5 dollars."})
        page = refused.content.decode()
        assert refused.status_code == 422
        assert f"{administrator.pseudonym} changed this part since you opened it." in page
        assert "It cost 4 dollars." in page
        assert "It cost 5 dollars.</textarea>" in page
        assert AnnualText.objects.get().text == "It cost 4 dollars."
        assert refused.context["form"]["revision"].value() == "1"
        other.post(part(year, "cost"), {"revision": "1", "text": "It cost 9 dollars."})
        assert AnnualText.objects.get().text == "It cost 9 dollars."

    def test_they_write_different_parts_without_noticing_each_other(
        self, year: int, administrator_client: Client
    ) -> None:
        other = sign_in(person(Role.ADMINISTRATOR))
        for client, key in ((administrator_client, "cost"), (other, "records")):
            assert client.post(part(year, key), {"revision": "0", "text": SAID}).status_code == 302
        assert AnnualText.objects.count() == 2


class TestReading:
    def test_auditors_read_the_draft_and_write_nothing(
        self, written: int, administrator: User, auditor_client: Client
    ) -> None:
        draft = read(auditor_client, "annual_draft", written)
        assert SAID in draft
        assert part(written, "cost") not in draft
        assert auditor_client.post(part(written, "cost"), {"revision": "1", "text": "x"}).status_code == 403
        assert auditor_client.post(reverse("annual_release", args=[written])).status_code == 403
        release(written, administrator)
        entry = AuditEntry.objects.get(event=Event.ANNUAL_RELEASED)
        assert reverse("audit_entry", args=[entry.pk]) in read(auditor_client, "annual_draft", written)

    def test_a_year_without_a_report_says_why(self, year: int, administrator_client: Client) -> None:
        for name in ("annual_draft", "annual_release"):
            assert "has not ended" in read(administrator_client, name, year + 1, status=404)
        for wrong, said in ((year + 1, "has not ended"), (year + 9, "has not begun"), (year - 9, "counted nothing")):
            answer = administrator_client.post(part(wrong, "cost"), {"revision": "0", "text": SAID})
            assert (answer.status_code, said in answer.content.decode()) == (404, True)
        assert administrator_client.get(part(year, "colour")).status_code == 404

    def test_the_public_finds_no_report_before_the_release(self, written: int) -> None:
        assert "Annual reports" not in read(Client(), "transparency")
        for name, args in (("annual_report", [written]), ("annual_version", [written, 1])):
            assert SAID not in read(Client(), name, *args, status=404)
        assert Client().get(reverse("annual_paper", args=[written, 1])).status_code == 404

    def test_a_release_without_the_missing_parts_says_which(self, year: int, administrator_client: Client) -> None:
        asked = administrator_client.get(reverse("annual_release", args=[year]))
        assert "disabled" in asked.content.decode()
        answer = administrator_client.post(reverse("annual_release", args=[year]), {"seen": asked.context["mark"]})
        assert answer.status_code == 422
        assert "Write these parts first" in answer.content.decode()

    def test_spanish_readers_get_the_page_around_the_texts_in_spanish(self, written: int, administrator: User) -> None:
        release(written, administrator)
        reader = Client()
        reader.cookies["django_language"] = "es"
        said = read(reader, "annual_report", written)
        assert "Escrito por la oficina" in said
        assert SAID in said
