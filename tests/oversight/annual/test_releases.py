"""A version that is released stays: its PDF says what the page says, its hash is in the log, nothing changes it."""

import io
import re
from datetime import date
from hashlib import sha256
from html import unescape
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import entry_of
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from fusus_portal.oversight.annual import selectors, services
from fusus_portal.oversight.annual.definitions import PARTS
from fusus_portal.oversight.annual.models import AnnualPaper, AnnualReport, AnnualText
from fusus_portal.oversight.figures.models import FigureDoubt
from tests.oversight.annual.years import SAID, release, seen, write
from tests.oversight.figures.days import Days

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "The cost was that of another year."


def words(text: str) -> str:
    """Return a text without its spaces and line ends: a PDF breaks lines where the page does not."""
    return re.sub(r"\s+", "", text)


def sections(page: str) -> list[str]:
    """Return the text of each section of the page that is in the PDF as well."""
    found = re.findall(r'<section[^>]*aria-labelledby="([a-z]+)-heading"[^>]*>(.*?)</section>', page, re.DOTALL)
    return [words(unescaped(text)) for name, text in found if name in {part.key for part in PARTS} | {"counted"}]


def unescaped(html: str) -> str:
    """Return what somebody reads of some HTML."""
    return unescape(strip_tags(html))


def tags(node: Any) -> list[str]:
    """Return the types of a structure element and of all below it, in the order in which they are read."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, ArrayObject):
        return [tag for each in node for tag in tags(each)]
    if not isinstance(node, DictionaryObject):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (tags(node["/K"]) if "/K" in node else [])


class TestThePdf:
    def read(self, report: AnnualReport) -> PdfReader:
        answer = Client().get(reverse("annual_paper", args=[report.year, report.number]))
        assert answer["Content-Type"] == "application/pdf"
        assert sha256(answer.content).hexdigest() == report.paper_hash
        return PdfReader(io.BytesIO(answer.content))

    def test_it_is_tagged_says_its_language_and_shows_its_title(self, report: AnnualReport) -> None:
        pdf = self.read(report)
        root: Any = pdf.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"].value is True
        assert root["/Lang"] == "en"
        assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
        assert pdf.metadata is not None
        assert pdf.metadata.title == f"Annual report on surveillance technology, {report.year}"
        assert all("/StructParents" in page for page in pdf.pages)
        found = tags(root["/StructTreeRoot"]["/K"])
        assert found.count("/H1") == 1
        assert found.count("/H2") == len(PARTS) + 1
        assert {"/Table", "/TH", "/TD", "/P"} <= {*found}
        assert b"pdfuaid" in root["/Metadata"].get_data()

    def test_it_says_what_the_page_says(self, report: AnnualReport) -> None:
        said = words("".join(page.extract_text() for page in self.read(report).pages))
        said = re.sub(rf"Annualreportonsurveillancetechnology,{report.year}\d+/\d+", "", said)
        page = Client().get(reverse("annual_report", args=[report.year])).content.decode()
        shown = sections(page)
        assert len(shown) == len(PARTS) + 1
        assert [text for text in shown if text not in said] == []
        assert words('We bought <b>nothing</b> & said: "why?"') in said

    def test_the_office_is_named_above_each_of_its_texts(self, report: AnnualReport) -> None:
        said = words("".join(page.extract_text() for page in self.read(report).pages))
        assert said.count(words(f"Written by the office {SAID}")) == 9
        page = words(unescaped(Client().get(reverse("annual_report", args=[report.year])).content.decode()))
        assert page.count(words(f"Written by the office {SAID}")) == 9


class TestReleasing:
    def test_its_hash_is_an_entry_of_a_named_person(self, written: int, administrator: User) -> None:
        report = release(written, administrator)
        entry = AuditEntry.objects.get(event=Event.ANNUAL_RELEASED)
        assert entry.facts == {"year": report.year, "version": 1, "sha256": report.paper_hash}
        assert (entry.actor_id, entry.subject_id) == (str(administrator.pk), str(report.pk))
        assert entry_of(Event.ANNUAL_RELEASED, report.subject) == entry.pk

    def test_a_missing_part_is_named_and_nothing_is_released(self, year: int, administrator: User) -> None:
        write(year, "cost", administrator, SAID)
        with pytest.raises(ValidationError, match="Write these parts first: What was shared with others;") as error:
            release(year, administrator)
        assert "What it costs" not in str(error.value)
        assert not AnnualReport.objects.exists()

    def test_what_changed_since_it_was_read_is_not_released(self, written: int, administrator: User) -> None:
        read = seen(written)
        write(written, "cost", administrator, "It cost 4 dollars.")
        with pytest.raises(ValidationError, match="Read it again"):
            services.release_report(year=written, by=administrator, seen=read)
        assert not AnnualReport.objects.exists()

    def test_only_administrators_release(self, written: int, auditor: User, supervisor: User) -> None:
        for person in (auditor, supervisor):
            with pytest.raises(Refused, match="Administrators write and release"):
                release(written, person)

    def test_nothing_is_released_from_a_log_that_was_rolled_back(
        self, written: int, administrator: User, administrator_client: Client
    ) -> None:
        FigureDoubt.objects.create(day=date(written, 11, 3), figure="", kept=1, counted=0)
        with pytest.raises(Stale, match="The log is not the one"):
            release(written, administrator)
        draft = administrator_client.get(reverse("annual_draft", args=[written])).content.decode()
        assert "The figures are withheld" in draft
        assert ">54<" not in words(draft)
        assert selectors.numbers_of_year(written, selectors.public_figures(written))["numbers"] == {}

    def test_a_year_without_a_report(self, written: int, administrator: User) -> None:
        with pytest.raises(NotYours, match="has not ended"):
            services.release_report(year=written + 1, by=administrator, seen="")


class TestCorrecting:
    def test_it_needs_a_reason_and_both_versions_stay_public(self, report: AnnualReport, administrator: User) -> None:
        with pytest.raises(ValidationError, match="Nothing differs from version 1"):
            release(report.year, administrator, reason=REASON)
        write(report.year, "cost", administrator, "It cost 4 dollars.")
        with pytest.raises(ValidationError, match="Say what was wrong"):
            release(report.year, administrator)
        corrected = release(report.year, administrator, reason=REASON)
        assert corrected.number == 2
        newest = Client().get(reverse("annual_report", args=[report.year])).content.decode()
        assert REASON in newest
        assert "It cost 4 dollars." in newest
        older = Client().get(reverse("annual_version", args=[report.year, 1])).content.decode()
        assert "It cost 4 dollars." not in older
        assert "This version was corrected" in older
        for number in (1, 2):
            assert Client().get(reverse("annual_paper", args=[report.year, number])).content.startswith(b"%PDF-")

    def test_a_draft_after_a_release_is_not_public(self, report: AnnualReport, administrator: User) -> None:
        write(report.year, "cost", administrator, "It cost 4 dollars.")
        assert "It cost 4" not in Client().get(reverse("annual_report", args=[report.year])).content.decode()

    @pytest.mark.parametrize("table", [AnnualReport, AnnualPaper])
    def test_the_database_refuses_to_change_or_delete_a_version(
        self, report: AnnualReport, days: Days, table: type[AnnualReport | AnnualPaper]
    ) -> None:
        change = {"reason": "x"} if table is AnnualReport else {"content": b"x"}
        with pytest.raises(DatabaseError), transaction.atomic():
            table._base_manager.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            table._base_manager.all()._raw_delete("default")
        column = "year = 1999" if table is AnnualReport else "content = ''"
        with days.log.clone.connect() as superuser, pytest.raises(psycopg.Error):
            superuser.execute(f"UPDATE {table._meta.db_table} SET {column}".encode())

    def test_a_text_is_not_moved_to_another_year_or_deleted(self, written: int) -> None:
        for act in (lambda: AnnualText.objects.update(year=2001), lambda: AnnualText.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()


def test_a_released_report_says_what_is_in_doubt_now(report: AnnualReport) -> None:
    doubt = FigureDoubt.objects.create(day=date(report.year, 11, 3), figure="looks", kept=1, counted=2)
    said = Client().get(reverse("annual_report", args=[report.year])).content.decode()
    assert "A number is in doubt" in said
    assert "looks that owners can read about" in said
    FigureDoubt.objects.create(day=doubt.day, figure="", kept=1, counted=0)
    assert "The log is in doubt" in Client().get(reverse("annual_report", args=[report.year])).content.decode()
