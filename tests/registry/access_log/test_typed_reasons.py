"""Typed reasons that owners read: only where the agency shows them, from then on, and what nobody delays."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from audit.log.events import Event
from audit.log.services import expire_texts
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from registry.canvasses.services import canvasses
from registry.footage.services import custody
from registry.limits import services as limits
from registry.limits.models import Limits
from registry.registrants.models import Registrant
from registry.rules import LOOKS_SETTLE
from tests.database.clone import Clone
from tests.factories import REASON, draft_of, incident_at, person, registrant_at, request_at
from tests.people import sign_in
from tests.registry.access_log.delays import DELAY_REASON, case_of, delayed
from tests.registry.entries import entries_of
from tests.registry.footage.footage import given

pytestmark = pytest.mark.django_db

LOOKS = reverse("looks")
TOLD = "Owners read this."
SHOWN = "The office shows you the reasons that its people type."


def change(*, shows: bool) -> Limits:
    return limits.change(by=person(Role.ADMINISTRATOR), revision=Limits.current().revision, shows_reasons=shows)


def shown_since(moment: timedelta = timedelta()) -> None:
    """Let owners read reasons typed since a moment, counted from now."""
    Limits.objects.update(shows_reasons=True, reasons_from=timezone.now() + moment)


def page_of(registrant: Registrant, *, after: timedelta = LOOKS_SETTLE + timedelta(seconds=5)) -> str:
    with time_machine.travel(timezone.now() + after):
        return sign_in(registrant.user).get(LOOKS).content.decode()


class TestWhatTheOwnerReads:
    def test_a_reason_typed_after_it_was_turned_on(self) -> None:
        registrant = registrant_at()
        shown_since()
        draft_of(incident_at())
        page = page_of(registrant)
        assert escape(REASON) in page
        assert SHOWN in page

    def test_it_is_in_the_copy_too(self, resident_client: Client, resident: User) -> None:
        registrant_at(user=resident)
        shown_since()
        draft_of(incident_at())
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            response = sign_in(resident).post(reverse("looks_copy"))
            rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
        assert REASON in {row["reason"] for row in rows}

    def test_nothing_while_it_is_off(self) -> None:
        registrant = registrant_at()
        draft_of(incident_at())
        page = page_of(registrant)
        assert escape(REASON) not in page
        assert SHOWN not in page

    def test_nothing_of_before(self) -> None:
        registrant = registrant_at()
        draft_of(incident_at())
        shown_since()
        assert escape(REASON) not in page_of(registrant)

    def test_a_draft_of_before_keeps_its_reason_although_it_is_shown_and_sent_afterwards(self) -> None:
        registrant, deputy = registrant_at(), person(Role.DEPUTY)
        draft = draft_of(incident_at(by=deputy), by=deputy)
        shown_since()
        canvasses.show(canvass=draft, by=deputy)
        canvasses.send(canvass=draft, by=deputy)
        page = page_of(registrant)
        assert str(Event.CAMERA_ASKED.sentence) in page
        assert escape(REASON) not in page

    def test_footage_that_is_played_says_why(self, portal_db: Clone) -> None:
        registrant, deputy = registrant_at(), person(Role.DEPUTY)
        file = given(request_at("footage", registrant=registrant, by=deputy))
        shown_since()
        custody.view(evidence=file, by=deputy, reason="Look for the rider's face and which way he left")
        assert escape("Look for the rider's face") in page_of(registrant)

    def test_nothing_within_a_quarter_of_an_hour(self) -> None:
        registrant = registrant_at()
        shown_since()
        draft_of(incident_at())
        assert escape(REASON) not in page_of(registrant, after=LOOKS_SETTLE - timedelta(minutes=1))

    def test_nothing_that_a_supervisor_delays(self) -> None:
        shown_since()
        case = case_of()
        delayed(case)
        page = page_of(case.registrant)
        assert escape(REASON) not in page
        assert escape(DELAY_REASON) not in page

    def test_nothing_that_has_expired(self, portal_db: Clone) -> None:
        registrant = registrant_at()
        shown_since()
        draft_of(incident_at())
        with portal_db.connect() as superuser, superuser.transaction():
            superuser.execute("ALTER TABLE audit_detail DISABLE TRIGGER audit_detail_refuse")
            superuser.execute("UPDATE audit_detail SET at = at - interval '4 years'")
            superuser.execute("ALTER TABLE audit_detail ENABLE ALWAYS TRIGGER audit_detail_refuse")
        assert expire_texts()
        page = page_of(registrant)
        assert str(Event.CAMERA_FOUND.sentence) in page
        assert escape(REASON) not in page

    def test_turned_off_it_hides_what_was_read(self) -> None:
        registrant = registrant_at()
        shown_since()
        draft_of(incident_at())
        change(shows=False)
        assert escape(REASON) not in page_of(registrant)


class TestTheSetting:
    def test_it_is_off_at_first_and_counts_when_every_open_page_has_ended(self) -> None:
        assert not Limits.current().shows_reasons
        begun = timezone.now()
        since = change(shows=True).reasons_from
        assert since is not None
        assert since >= begun + settings.SIGN_IN_LIMIT
        assert not Limits.current().owners_read(begun + timedelta(hours=11))
        assert Limits.current().owners_read(since)

    def test_it_leaves_its_entry_and_another_change_moves_nothing(self) -> None:
        since = change(shows=True).reasons_from
        assert entries_of(Event.LIMITS_CHANGED)[-1].facts["fields"] == "shows_reasons reasons_from"
        assert change(shows=True).reasons_from == since
        assert change(shows=False).reasons_from is None

    def test_the_history_says_from_when(self, administrator: User, administrator_client: Client) -> None:
        change(shows=True)
        page = administrator_client.get(reverse("limits_history")).content.decode()
        assert "Owners read reasons typed from" in page

    def test_the_database_wants_both_or_none(self) -> None:
        for half in ({"shows_reasons": True}, {"reasons_from": timezone.now()}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Limits.objects.update(**half)


class TestWhoTypesIsTold:
    """Beside each field whose text owners read, and nowhere else."""

    @pytest.fixture
    def pages(self, deputy: User, deputy_client: Client, portal_db: Clone) -> Callable[[], list[str]]:
        request = request_at("footage", by=deputy)
        file = given(request)
        addresses = [
            reverse("canvass_new", args=[request.incident_id]),
            reverse("evidence", args=[file.pk]),
        ]
        return lambda: [deputy_client.get(address).content.decode() for address in addresses]

    def test_where_owners_read_it(self, pages: Callable[[], list[str]]) -> None:
        change(shows=True)
        for page in pages():
            assert TOLD in page
            assert 'id_reason_owners"' in page.split("<textarea")[1].split(">")[0]

    def test_nothing_where_they_do_not(self, pages: Callable[[], list[str]]) -> None:
        for page in pages():
            assert TOLD not in page
            assert "id_reason_owners" not in page
