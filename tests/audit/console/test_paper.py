"""A print of the log: an auditor asks for it, a worker makes it, the same auditor takes it, in a day it is gone."""

import re
import zlib
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from weasyprint.urls import URLFetchingError

from audit.console import paper, services, tasks
from audit.console.copies import CopyForm
from audit.console.models import LogPrint
from audit.console.paper import OWN_FONTS, OwnFonts
from audit.console.search.query import LogQuery
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Stale
from tests.audit.console.conftest import KIM, write
from tests.peers.queue import handed_over

pytestmark = pytest.mark.django_db
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def text_in(pdf: bytes) -> bytes:
    """Return the PDF with its compressed parts opened."""
    opened = []
    for part in STREAM.findall(pdf):
        try:
            opened.append(zlib.decompressobj().decompress(part))
        except zlib.error:
            continue
    return pdf + b"".join(opened)


def asked_by(auditor: User) -> LogPrint:
    """Return a print of everything that Kim did."""
    write(Event.CAMERA_SHOWN, reason="A grey van left the alley.")
    return services.ask_print(wanted=LogQuery(actor=KIM.id), query=f"actor={KIM.id}", by=auditor.actor)


def test_asking_is_an_entry_with_what_is_printed_and_a_worker_hears_of_it(
    auditor: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        asked = asked_by(auditor)
    assert str(asked.pk) in handed_over(services.MAKER)
    entry = AuditEntry.objects.latest("id")
    assert (entry.event, entry.actor_id) == (Event.LOG_EXPORTED, str(auditor.pk))
    assert entry.facts == {
        "form": "pdf",
        "entries": 1,
        "newest": asked.entries[0],
        "oldest": asked.entries[0],
        "size": 0,
    }


def test_a_worker_makes_a_tagged_pdf_once(auditor: User) -> None:
    asked = asked_by(auditor)
    assert tasks.make_print(str(asked.pk))
    assert not tasks.make_print(str(asked.pk))
    with services.take_print(pk=asked.pk, by=auditor.actor) as file:
        pdf = file.read()
    assert pdf.startswith(b"%PDF-")
    inside = text_in(pdf)
    assert b"pdfuaid" in inside
    assert b"/StructTreeRoot" in inside
    assert b"/TH" in inside
    assert AuditEntry.objects.latest("id").event == Event.PRINT_TAKEN


def test_a_paper_without_a_sheet_of_its_own_has_the_fonts_and_numbers_of_all_papers() -> None:
    page, without = "<html lang=en><title>A paper</title><p>Words", "@page { @bottom-right { content: none } }"
    numbered, plain = (text_in(paper.pdf(page, style)) for style in ("", without))
    assert b"Public-Sans" in plain
    assert numbered.count(b"\nBT\n") == plain.count(b"\nBT\n") + 1


def test_it_is_handed_to_nobody_else_and_not_before_it_is_made(auditor: User) -> None:
    asked = asked_by(auditor)
    with pytest.raises(Stale):
        services.take_print(pk=asked.pk, by=auditor.actor)
    with pytest.raises(NotYours):
        services.own_print(pk=asked.pk, by=KIM)
    with pytest.raises(NotYours):
        services.own_print(pk=uuid4(), by=auditor.actor)


def test_more_than_fits_on_paper_is_refused_with_the_limit(auditor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(services.MOST_COPIED, CopyForm.PAPER, 2)
    for _ in range(3):
        write()
    with pytest.raises(ValidationError, match="more than 2 entries"):
        services.ask_print(wanted=LogQuery(actor=KIM.id), query="", by=auditor.actor)
    assert not LogPrint.objects.exists()


def test_a_print_goes_after_a_day_with_its_file(
    auditor: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    asked_by(auditor)
    asked = asked_by(auditor)
    tasks.make_print(str(asked.pk))
    asked.refresh_from_db()
    assert tasks.sweep_prints() == 0
    with (
        time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert tasks.sweep_prints() == 2
    assert not LogPrint.objects.exists()
    assert not services.print_storage().exists(asked.key)
    [entry] = AuditEntry.objects.filter(event=Event.PRINTS_EXPIRED)
    assert entry.facts == {"prints": 2}


def test_a_print_that_no_worker_began_is_offered_again_and_no_other(auditor: User) -> None:
    begun, waits = asked_by(auditor), asked_by(auditor)
    LogPrint.objects.filter(pk=begun.pk).update(begun_at=timezone.now())
    tasks.sweep_prints()
    assert str(waits.pk) not in handed_over(services.MAKER)
    with time_machine.travel(timezone.now() + timedelta(seconds=21)):
        tasks.sweep_prints()
    assert str(waits.pk) in handed_over(services.MAKER)
    assert str(begun.pk) not in handed_over(services.MAKER)


def test_a_print_that_is_given_up_while_it_is_made_leaves_no_file(
    auditor: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, kept = asked_by(auditor), services.print_storage().listdir("")
    drawn = paper.drawn

    def given_up(begun: LogPrint) -> bytes:
        LogPrint.objects.filter(pk=begun.pk).update(failed_at=timezone.now())
        return drawn(begun)

    monkeypatch.setattr(paper, "drawn", given_up)
    with django_capture_on_commit_callbacks(execute=True):
        assert not tasks.make_print(str(asked.pk))
    assert services.print_storage().listdir("") == kept


def test_a_print_that_no_worker_finished_has_failed(auditor: User) -> None:
    asked = asked_by(auditor)
    LogPrint.objects.filter(pk=asked.pk).update(begun_at=timezone.now())
    for minutes, has_failed in ((9, False), (11, True)):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            tasks.sweep_prints()
        asked.refresh_from_db()
        assert (asked.failed_at is not None) is has_failed


def test_the_page_says_how_far_it_is(auditor: User, auditor_client: Client) -> None:
    asked = asked_by(auditor)
    page, progress = (reverse(name, args=[asked.pk]) for name in ("audit_print", "audit_print_progress"))
    assert "waiting for a worker" in auditor_client.get(page).content.decode()
    LogPrint.objects.filter(pk=asked.pk).update(begun_at=timezone.now())
    assert "pages are being set" in auditor_client.get(progress).content.decode()
    LogPrint.objects.filter(pk=asked.pk).update(begun_at=None)
    tasks.make_print(str(asked.pk))
    ready = auditor_client.get(progress).content.decode()
    assert "Download the PDF" in ready
    assert "data-ends" in ready
    answer = auditor_client.get(reverse("audit_print_file", args=[asked.pk]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]


@pytest.mark.parametrize("end", ["made", "failed"])
def test_the_page_loads_again_until_it_is_over_and_no_longer(end: str, auditor: User, auditor_client: Client) -> None:
    asked = asked_by(auditor)
    page = auditor_client.get(reverse("audit_print", args=[asked.pk])).content.decode()
    loads = ['<meta http-equiv="refresh" content="5">', "data-refresh", "js/poll"]
    assert [each for each in loads if each not in page] == []
    assert "This page shows it automatically when it is ready." in page
    if end == "made":
        tasks.make_print(str(asked.pk))
    else:
        LogPrint.objects.filter(pk=asked.pk).update(failed_at=timezone.now())
    page = auditor_client.get(reverse("audit_print", args=[asked.pk])).content.decode()
    assert [each for each in [*loads, "automatically"] if each in page] == []


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example/x.png", "file:///etc/passwd", f"{OWN_FONTS}../settings.py", OWN_FONTS]
)
def test_a_page_for_paper_fetches_nothing_but_own_fonts(url: str) -> None:
    with pytest.raises(URLFetchingError, match="not a font"):
        OwnFonts().fetch(url)
