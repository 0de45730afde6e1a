"""Copies of the log: the entry first, then a ZIP that tools can read and anybody can check."""

import csv
import io
import json
import zipfile
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.console import copies, services
from audit.console.copies import CopyForm
from audit.console.entry import climbed_root
from audit.console.search import steps
from audit.console.search.query import LogQuery
from audit.ledger.notes import Signer, read_checkpoint
from audit.ledger.tree.merkle import Frontier, leaf_hash, perfect_root
from audit.ledger.tree.tiles import TilePlace, Tree, hashes_in
from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from tests.audit.console.conftest import CAMERA, INCIDENT, KIM, write
from tests.audit.ledger.conftest import DEPUTY, SealAll, seal_all, signer, write_entries
from tests.database.clone import Clone

__all__ = ["seal_all", "signer"]


CELLS = {
    "event": "registry:camera:show",
    "what": "read this camera's address in a canvass",
    "outcome": "done",
    "actor_kind": "user",
    "actor_id": KIM.id,
    "actor_role": "deputy",
    "actor_pseudonym": "Deputy K7Q2",
    "sign_in": "",
    "subject_kind": "camera",
    "subject_id": CAMERA,
    "subject_name": "C-00000000",
    "incident_id": INCIDENT,
    "incident": "",
    "camera_id": CAMERA,
    "camera_number": "1",
    "offense_type": "burglary",
    "premises_type": "home",
    "area": "35203",
    "reason": "'=HYPERLINK(1)",
    "network_address": "203.0.113.9",
    "browser": "Test browser",
    "facts": "canvass: c",
}


def unpacked(taken: copies.LogCopy) -> dict[str, bytes]:
    """Return the files of a copy, by name."""
    with zipfile.ZipFile(io.BytesIO(b"".join(copies.file_pieces(taken)))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def table(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.django_db
def test_a_table_says_everything_and_runs_nothing(auditor: User) -> None:
    entry = write(
        Event.CAMERA_SHOWN,
        address="203.0.113.9",
        subject=Subject("camera", CAMERA),
        incident=INCIDENT,
        camera=CAMERA,
        offence_type="burglary",
        premises_type="home",
        area="35203",
        reason="=HYPERLINK(1)",
        facts={"canvass": "c"},
    )
    taken = services.take_copy(wanted=LogQuery(actor=KIM.id), form=CopyForm.TABLE, by=auditor.actor)
    [row] = table(unpacked(taken)["entries.csv"])
    assert row == {
        "entry": str(entry.pk),
        "at_utc": f"{entry.at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "at_local": timezone.localtime(entry.at).isoformat(),
        **CELLS,
    }


def test_a_text_that_is_over_is_said_to_be(auditor: User, portal_db: Clone) -> None:
    write(reason="A grey van.")
    with portal_db.connect() as superuser:
        superuser.execute("ALTER TABLE audit_detail DISABLE TRIGGER ALL")
        superuser.execute("DELETE FROM audit_detail")
    taken = services.take_copy(wanted=LogQuery(actor=KIM.id), form=CopyForm.TABLE, by=auditor.actor)
    [row] = table(unpacked(taken)["entries.csv"])
    assert row["reason"] == "[expired]"


@pytest.mark.django_db
def test_taking_is_an_entry_before_the_file(auditor: User) -> None:
    entries = [write().pk for _ in range(3)]
    taken = services.take_copy(wanted=LogQuery(actor=KIM.id), form=CopyForm.TABLE, by=auditor.actor)
    noted = AuditEntry.objects.latest("id")
    assert (noted.event, noted.actor_id) == (Event.LOG_EXPORTED, str(auditor.pk))
    assert noted.facts == {"form": "csv", "entries": 3, "newest": entries[-1], "oldest": entries[0], "size": 0}
    assert taken.entries == entries[::-1]
    assert [int(row["entry"]) for row in table(unpacked(taken)["entries.csv"])] == taken.entries


def test_without_its_entry_nothing_is_taken(auditor: User, portal_db: Clone) -> None:
    write()
    with portal_db.connect() as superuser:
        superuser.execute(
            "ALTER EVENT TRIGGER audit_guard_ddl DISABLE; "
            "ALTER TABLE audit_entry ADD CHECK (event <> 'audit:log:export') NOT VALID"
        )
    connection.close()
    with pytest.raises(DatabaseError):
        services.take_copy(wanted=LogQuery(actor=KIM.id), form=CopyForm.TABLE, by=auditor.actor)


@pytest.mark.django_db
def test_too_much_and_nothing_get_a_clear_sentence(auditor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="Nothing was found"):
        services.take_copy(wanted=LogQuery(actor=KIM.id), form=CopyForm.TABLE, by=auditor.actor)
    for _ in range(3):
        write()
    monkeypatch.setitem(services.MOST_COPIED, CopyForm.TABLE, 2)
    with pytest.raises(ValidationError, match="more than 2 entries"):
        services.take_copy(wanted=LogQuery(actor=KIM.id), form=CopyForm.TABLE, by=auditor.actor)
    monkeypatch.setattr(services, "COPY_SECONDS", 0.0)
    monkeypatch.setattr(steps, "FIRST_STEP", 1)
    with pytest.raises(ValidationError, match="takes too long"):
        services.take_copy(wanted=LogQuery(actor=KIM.id), form=CopyForm.TABLE, by=auditor.actor)
    assert not AuditEntry.objects.filter(event=Event.LOG_EXPORTED).exists()


def test_sealed_bytes_can_be_checked_against_the_checkpoint(
    portal_db: Clone, seal_all: SealAll, signer: Signer, auditor: User
) -> None:
    written = write_entries(600)
    seal_all()
    waiting = write_entries(1)[0]
    taken = services.take_copy(wanted=LogQuery(actor=DEPUTY.id), form=CopyForm.SEALED, by=auditor.actor)
    inside = unpacked(taken)
    head = read_checkpoint(inside["checkpoint"].decode(), signer.verifier)
    assert inside["key"].decode().strip() == str(signer.verifier)
    lines = inside["entries.jsonl"].splitlines()
    places = {row["entry"]: row["place"] for row in table(inside["places.csv"])}
    assert [json.loads(line)["id"] for line in lines] == [entry.pk for entry in reversed(written)]
    assert places.pop(str(waiting.pk)) == ""
    assert {name for name in inside if name.startswith("tile")} == {
        "tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2",
    }  # fmt: skip
    tree = Tree()
    for line in (lines[0], lines[299], lines[-1]):
        place = int(places[str(json.loads(line)["id"])])
        assert climbed_root(leaf_hash(line), place, head.size, tree.inclusion_proof(place, head.size)) == head.root


def test_the_tiles_beside_lead_from_each_line_to_the_checkpoint(
    portal_db: Clone, seal_all: SealAll, signer: Signer, auditor: User
) -> None:
    written = write_entries(3 * 256 + 40)
    seal_all()
    chosen = replace(
        services.take_copy(wanted=LogQuery(actor=DEPUTY.id), form=CopyForm.SEALED, by=auditor.actor),
        entries=[written[300].pk, written[2].pk],
    )
    inside = unpacked(chosen)
    assert sorted(name for name in inside if name.startswith("tile/0")) == [
        "tile/0/000",
        "tile/0/001",
        "tile/0/003.p/40",
    ]
    head = read_checkpoint(inside["checkpoint"].decode(), signer.verifier)
    roots = hashes_in(inside["tile/1/000.p/3"])
    edge = Frontier()
    for root in roots:
        edge.add(root, 8)
    for leaf in hashes_in(inside["tile/0/003.p/40"]):
        edge.add(leaf)
    assert (edge.size, edge.root()) == (head.size, head.root)
    places = {row["entry"]: int(row["place"]) for row in table(inside["places.csv"])}
    for line in inside["entries.jsonl"].splitlines():
        n, place = divmod(places[str(json.loads(line)["id"])], 256)
        hashes = hashes_in(inside[f"tile/0/{TilePlace(n)}"])
        assert (hashes[place], perfect_root(hashes)) == (leaf_hash(line), roots[n])


@pytest.mark.parametrize(
    ("n", "width", "path"), [(0, 256, "000"), (67, 3, "067.p/3"), (1_234_067, 256, "x001/x234/067")]
)
def test_tiles_are_named_as_tlog_tiles_names_them(n: int, width: int, path: str) -> None:
    assert str(TilePlace(n, width)) == path


@pytest.mark.django_db
def test_the_page_hands_over_a_zip_or_says_why_not(auditor_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    write(subject=Subject("incident", "1"))
    address = f"{reverse('audit_take')}?actor={KIM.id}"
    assert f"Id of the actor: {KIM.id}" in auditor_client.get(address).content.decode()
    answer = auditor_client.post(address, {"form": "csv"})
    assert answer.headers["Content-Type"] == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:  # type: ignore[attr-defined]
        assert archive.namelist() == ["about.txt", "entries.csv"]
    monkeypatch.setitem(services.MOST_COPIED, CopyForm.TABLE, 0)
    refused = auditor_client.post(address, {"form": "csv"})
    assert (refused.status_code, "more than 0 entries" in refused.content.decode()) == (422, True)
