"""Texts of the log end after their time, and no setting, hold or hand shortens it."""

import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.console.entry import rows_of
from audit.ledger.tree.tiles import entry_at, index_of
from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.models import AuditDetail, AuditEntry
from audit.log.services import expire_some_texts, expire_texts, record, record_at_once
from tests.audit.ledger.conftest import DEPUTY, SealAll
from tests.database.clone import Clone

pytestmark = pytest.mark.django_db(transaction=True)

FOUR_YEARS = timedelta(days=4 * 365)
TEXT = "Two vans left at night."


def typed(clone: Clone, *, incident: str, ago: timedelta) -> AuditEntry:
    """Write an entry with a reason that is so old."""
    with transaction.atomic():
        entry = record_at_once(
            event=Event.CANVASS_SENT, actor=DEPUTY, subject=Subject("canvass", "c"), incident=incident, reason=TEXT
        )
    with clone.connect() as superuser, superuser.transaction():
        superuser.execute("ALTER TABLE audit_detail DISABLE TRIGGER audit_detail_refuse")
        superuser.execute(
            "UPDATE audit_detail SET at = at - %s WHERE digest = %s", [ago, bytes(entry.reason_digest or b"")]
        )
        superuser.execute("ALTER TABLE audit_detail ENABLE ALWAYS TRIGGER audit_detail_refuse")
    return entry


def hold(event: Event, incident: str, name: str = "h-1") -> None:
    """Place or lift a hold, as far as the log says."""
    with transaction.atomic():
        subject = Subject("incident", incident)
        record(event=event, actor=DEPUTY, subject=subject, incident=incident, facts={"hold": name})


def test_old_texts_go_with_an_entry_that_counts_them_and_the_tree_stays(portal_db: Clone, seal_all: SealAll) -> None:
    old = typed(portal_db, incident=str(uuid4()), ago=FOUR_YEARS)
    young = typed(portal_db, incident=str(uuid4()), ago=timedelta(days=2 * 365))
    seal_all()
    sealed = entry_at(index_of(old.pk) or 0)
    assert expire_texts() == 1
    assert [row["reason"] for row in rows_of([old, young])] == ["", TEXT]
    entry = AuditEntry.objects.get(event=Event.TEXTS_EXPIRED)
    assert entry.facts["texts"] == 1
    assert (entry.actor_kind, entry.actor_id) == ("task", "audit.expire")
    seal_all()
    assert entry_at(index_of(old.pk) or 0) == sealed
    assert expire_texts() == 0
    assert AuditEntry.objects.filter(event=Event.TEXTS_EXPIRED).count() == 1


def test_an_incident_on_hold_keeps_its_texts_until_each_hold_is_lifted(portal_db: Clone) -> None:
    incident, other = str(uuid4()), str(uuid4())
    typed(portal_db, incident=incident, ago=FOUR_YEARS)
    typed(portal_db, incident=other, ago=FOUR_YEARS)
    hold(Event.HOLD_PLACED, incident, "h-1")
    hold(Event.HOLD_PLACED, incident, "h-2")
    assert expire_texts() == 1
    assert AuditEntry.objects.get(event=Event.TEXTS_EXPIRED).facts["on_hold"] == 1
    hold(Event.HOLD_LIFTED, incident, "h-1")
    assert expire_texts() == 0
    hold(Event.HOLD_LIFTED, incident, "h-2")
    assert expire_texts() == 1
    assert not AuditDetail.objects.filter(incident_id=incident).exists()


def test_it_goes_in_pieces(portal_db: Clone) -> None:
    for _ in range(3):
        typed(portal_db, incident=str(uuid4()), ago=FOUR_YEARS)
    before = timezone.now() - settings.LEDGER_KEEP
    assert [expire_some_texts(before=before, most=2) for _ in range(3)] == [2, 1, 0]


class TestTheFloor:
    def test_the_function_refuses_a_moment_within_the_last_year(self, portal_db: Clone) -> None:
        typed(portal_db, incident=str(uuid4()), ago=timedelta(days=360))
        with pytest.raises(IntegrityError, match="a year at least"):
            expire_some_texts(before=timezone.now() - timedelta(days=364))
        assert AuditDetail.objects.count() == 1

    def test_nobody_deletes_a_younger_text_by_hand(self, portal_db: Clone) -> None:
        typed(portal_db, incident=str(uuid4()), ago=timedelta(days=360))
        states = {}
        for role in ("portal_app", "portal_sealer", "portal_migrator", "postgres"):
            with portal_db.connect(role) as connection, pytest.raises(psycopg.Error) as refused:
                connection.execute("DELETE FROM audit_detail")
            states[role] = refused.value.sqlstate
        by_rights, by_guard = "42501", "23001"
        assert states == {
            "portal_app": by_rights, "portal_sealer": by_rights, "portal_migrator": by_guard, "postgres": by_guard,
        }  # fmt: skip

    def test_a_setting_below_it_stops_the_process(self) -> None:
        code = "import os; os.environ['LEDGER_KEEP_DAYS'] = '300'; import fusus_portal.settings.ledger"
        done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
        assert done.returncode == 1
        assert "LEDGER_KEEP_DAYS" in done.stderr
