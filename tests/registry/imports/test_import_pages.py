"""Pages of imports: counts and errors, never homes; each act asks again who it is."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from registry.imports import tasks
from registry.imports.models import ImportBatch
from registry.imports.services import imports
from registry.imports.states import ImportState
from registry.registrants.models import Registrant
from tests.factories import registrant_at
from tests.people import sign_in
from tests.registry.imports.exports import proposed, ready
from tests.registry.imports.import_files import as_file, checked, faults, fresh, guessed, imported, invited, line, many

pytestmark = pytest.mark.django_db
LIST = reverse("import_list")


def send(client: Client, content: bytes, *, encoding: str = "utf-8") -> str:
    """Send a file; return where that leads, or what the page says."""
    file = SimpleUploadedFile("old registry.csv", content)
    answer = client.post(LIST, {"file": file, "encoding": encoding})
    return answer.headers.get("Location", "") or answer.content.decode()


def page(client: Client, name: str, batch: ImportBatch) -> str:
    """Return what a page of an import says."""
    answer = client.get(reverse(name, args=[batch.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_whole_way_of_a_file(administrator_client: Client) -> None:
    content = as_file([line(1), line(2, name="=1+1"), invited(3), line(4, email="")])
    columns = send(administrator_client, content)
    batch = ImportBatch.objects.get()
    assert columns == reverse("import_columns", args=[batch.pk])
    assert "person.1@old.example" in page(administrator_client, "import_columns", batch)
    form = {**guessed(batch), "points": "pinned"}
    administrator_client.post(columns, form)
    assert "0 of 4 rows" in page(administrator_client, "import_progress", batch)
    imports.work(pk=batch.pk)
    said = page(administrator_client, "import_batch", batch)
    assert "Add 2 registrations and keep 1 invitation<" in said
    assert not Registrant.objects.exists()
    administrator_client.post(reverse("import_start", args=[batch.pk]))
    imports.work(pk=batch.pk)
    said = page(administrator_client, "import_batch", batch)
    assert "old.example" not in said
    assert "Oak Street" not in said
    assert Registrant.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"name,email\nAna,\xff\n", "Row 2 is not UTF-8"),
        (b"name,email\nA\0na,x\n", "zero byte"),
        (b'name,email\n"Ana,x\n', "quotation mark"),
        ((",".join(f"c{n}" for n in range(300)) + "\nx").encode(), "300 columns"),
        (b"Ana,ana@old.example\nBo,bo@old.example\n", "looks like data"),
    ],
)
def test_a_bad_file_gets_a_clear_answer_and_leaves_nothing(
    content: bytes, said: str, administrator_client: Client
) -> None:
    assert said in send(administrator_client, content)
    assert not ImportBatch.objects.exists()


def test_half_a_letter_breaks_no_page_and_is_an_error_of_its_row(administrator_client: Client) -> None:
    features = [{"properties": line(1, name="Ana\ud800", latitude="", longitude="")}]
    send(administrator_client, json.dumps({"features": features}).encode())
    batch = ImportBatch.objects.get()
    assert "Ana?" in page(administrator_client, "import_columns", batch)
    imports.check(batch=batch, columns=guessed(batch), points="pinned", by=batch.uploaded_by)
    imports.work(pk=batch.pk)
    assert "Ana?" in page(administrator_client, "import_batch", batch)
    assert faults(batch) == [(1, "name", "characters")]


def test_a_file_that_is_too_large_is_not_read(administrator_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fusus_portal.ground.table_forms.TableOfForm.largest", -(10**6))
    assert "may have at most" in send(administrator_client, as_file(many(1000)))


def test_only_administrators_send_a_file(deputy_client: Client) -> None:
    file = SimpleUploadedFile("old.csv", as_file([line(1)]))
    assert deputy_client.post(LIST, {"file": file, "encoding": "utf-8"}).status_code == 403
    assert not ImportBatch.objects.exists()


def test_the_errors_hold_rows_and_sentences_and_nothing_of_anybody(administrator_client: Client) -> None:
    batch = imported([line(1, email="nobody@"), line(2), line(2)])
    answer = administrator_client.get(reverse("import_faults", args=[batch.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert rows == [
        ["row", "column", "what is wrong"],
        ["2", "email", "This is not an e-mail address."],
    ]


def test_no_list_of_addresses_tells_who_is_registered(administrator_client: Client) -> None:
    own = registrant_at()
    theirs = {"email": own.user.email, "consent_date": "1999-01-01"}  # a note that would be told of anybody else
    for batch in (checked([line(1, **theirs), line(2)]), imported([line(3, **theirs)])):
        assert batch.there == 1
        said = page(administrator_client, "import_batch", batch)
        assert "rows already there" in said
        assert reverse("import_faults", args=[batch.pk]) not in said
        answer = administrator_client.get(reverse("import_faults", args=[batch.pk]))
        assert b"".join(answer.streaming_content).count(b"\r\n") == 1  # type: ignore[attr-defined]


def test_a_column_with_a_formula_for_a_name_is_harmless(administrator_client: Client) -> None:
    batch = checked([line(1, email="nobody@")])
    header = ["=1+1" if name == "email" else name for name in batch.header]
    ImportBatch.objects.filter(pk=batch.pk).update(header=header)
    answer = administrator_client.get(reverse("import_faults", args=[batch.pk]))
    assert b"2,'=1+1," in b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_the_first_rows_are_shown_only_after_an_entry_of_that(administrator_client: Client) -> None:
    batch = checked([line(1)])
    for name in ("import_batch", "import_columns"):
        seen = AuditEntry.objects.filter(event=Event.IMPORT_SHOWN).count()
        assert "person.1@old.example" in page(administrator_client, name, batch)
        assert AuditEntry.objects.filter(event=Event.IMPORT_SHOWN).count() == seen + 1


@pytest.mark.parametrize("name", ["import_start", "import_undo", "import_write"])
def test_what_has_effect_asks_again_who_it_is(name: str, administrator: User) -> None:
    batch = checked([line(1)]) if name == "import_start" else imported([line(1)])
    client = sign_in(administrator)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        answer = client.post(reverse(name, args=[batch.pk]), {"number": "1"})
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert fresh(batch).state == batch.state
    assert fresh(batch).mailing_at is None


def test_undoing_says_first_what_it_takes_out(administrator_client: Client) -> None:
    batch = imported([line(1), line(2)])
    assert "2 registrations are removed" in page(administrator_client, "import_undo", batch)
    administrator_client.post(reverse("import_undo", args=[batch.pk]))
    assert fresh(batch).state == ImportState.UNDOING
    imports.work(pk=batch.pk)
    assert "is removed, with its history" in page(administrator_client, "import_batch", batch)


def test_writing_says_the_number_in_words_and_wants_it_in_figures(administrator_client: Client) -> None:
    batch = imported(many(21))
    assert "twenty-one people (21)" in page(administrator_client, "import_write", batch)
    address = reverse("import_write", args=[batch.pk])
    assert b"not the number" in administrator_client.post(address, {"number": "12"}).content
    assert administrator_client.post(address, {"number": "21"}).status_code == 302
    assert "21 e-mails are still to go out" in page(administrator_client, "import_batch", batch)


def test_a_file_is_discarded(administrator_client: Client) -> None:
    batch = checked([line(1)])
    assert administrator_client.post(reverse("import_discard", args=[batch.pk])).status_code == 302
    assert "deleted before anything came in" in page(administrator_client, "import_batch", batch)
    answer = administrator_client.get(reverse("import_columns", args=[batch.pk]))
    assert answer.headers["Location"] == reverse("import_batch", args=[batch.pk])


def test_columns_that_can_t_be_right_are_said_beside_them(administrator_client: Client) -> None:
    batch = checked([line(1)])
    form = {**guessed(batch), "city": guessed(batch)["name"], "points": "pinned"}
    answer = administrator_client.post(reverse("import_columns", args=[batch.pk]), form)
    assert b"chosen twice" in answer.content


def test_small_numbers_by_zip_code_are_not_told(administrator_client: Client) -> None:
    imported([*many(10), *(line(100 + n, zip_code="35205") for n in range(3))])
    for _number in range(2):
        registrant_at()
    said = " ".join(administrator_client.get(reverse("registry_counts")).content.decode().split())
    number = '<td class="number" data-label='
    assert f'35203</th> {number}"Registrations">11</td> {number}"Cameras">11</td>' in said
    assert f'35205</th> {number}"Registrations">fewer than 10</td>' in said
    assert "fewer than 10, or not told" in said


def registrations(page: str) -> list[str]:
    """Return the numbers of registrations on the page of counts."""
    return re.findall(r'data-label="Registrations">\s*([^<]*?)\s*<', page)


def test_the_page_of_counts_reads_what_a_worker_counted(administrator_client: Client) -> None:
    with time_machine.travel("2026-03-01T18:00:00Z", tick=False):
        rows = [line(number) for number in range(12)]
        imported(rows)
        tasks.count()
        imported([line(100 + n) for n in range(5)])
        before = administrator_client.get(reverse("registry_counts")).content.decode()
        tasks.count()
        after = administrator_client.get(reverse("registry_counts")).content.decode()
    assert "Counted at noon CST" in " ".join(before.split())
    assert (registrations(before), registrations(after)) == ([str(len(rows))], [str(len(rows) + 5)])


def test_administration_says_which_import_stopped_and_which_copy_waits(administrator_client: Client) -> None:
    hub = reverse("admin")
    quiet = administrator_client.get(hub).content.decode()
    ImportBatch.objects.filter(pk=checked([line(1)]).pk).update(state=ImportState.FAILED)
    proposed()
    said = administrator_client.get(hub).content.decode()
    for sentence in ("1 import was stopped by a fault.", "1 copy waits for approval."):
        assert sentence in said
        assert sentence not in quiet


class TestCopies:
    def test_two_administrators_and_one_download(
        self, administrator_client: Client, other_administrator_client: Client
    ) -> None:
        address = reverse("registry_exports")
        assert b"Say why" in administrator_client.post(address, {"reason": "x"}).content
        administrator_client.post(address, {"reason": "We move to another portal in May."})
        export = administrator_client.get(address).context["lines"][0]["export"]
        approve = reverse("export_approve", args=[export.pk])
        assert administrator_client.post(approve).status_code == 403
        assert other_administrator_client.post(approve).status_code == 302
        assert b"Being made" in administrator_client.get(address).content

    def test_it_is_downloaded_by_the_administrator_who_asked(self, administrator_client: Client) -> None:
        export = ready()
        take = reverse("export_take", args=[export.pk])
        assert administrator_client.post(take).status_code == 404
        client = sign_in(export.proposed_by)
        answer = client.post(take)
        assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
        assert client.post(take).status_code == 409

    def test_it_is_canceled(self, administrator_client: Client, other_administrator_client: Client) -> None:
        address = reverse("registry_exports")
        administrator_client.post(address, {"reason": "We move to another portal in May."})
        export = administrator_client.get(address).context["lines"][0]["export"]
        other_administrator_client.post(reverse("export_cancel", args=[export.pk]))
        assert b"Canceled" in administrator_client.get(address).content
