"""Batches of letters: named to nobody, opened once by a clerk with an entry for each owner, deleted after a day."""

import os
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.streets.geocoding import postal_address
from registry.access_log import selectors as access_log
from registry.letters import services
from registry.letters.models import Letter, LetterBatch
from registry.letters.states import LetterState
from registry.places.models import Camera, ConfirmedBy, Premises
from registry.places.services import premises
from registry.rules import BATCH_KEPT, LETTERS_AT_ONCE
from tests.audit.console.test_paper import text_in
from tests.database.clone import Clone
from tests.factories import person, registrant_at
from tests.people import sign_in
from tests.registry.entries import entries_of
from tests.registry.letters.post import a_day_old, asked, printed
from tests.streets import uploads


def file_at(portal_db: Clone, batch: LetterBatch) -> Path:
    """Return where the file of a batch is, which only the tables' owner can read."""
    with portal_db.connect() as superuser:
        query = "SELECT storage_key FROM registry_letter_file WHERE batch = %s"
        (key,) = superuser.execute(query, [batch.pk]).fetchone() or ("",)
    return Path(services.batch_storage().path(key))


class TestOnPaper:
    pytestmark = pytest.mark.django_db

    def test_it_is_addressed_to_the_resident_in_both_languages_and_names_nobody(self) -> None:
        letter, code = printed(registrant_at(cameras=2))
        address = postal_address(letter.premises.address, pin=letter.premises.point)
        assert address is not None
        page = services.letters_as_html([services.LetterToPrint(letter, address, code)])
        for part in ("To the resident", "600 20th St N", "35203", code, reverse("place_code")):
            assert part in page
        assert 'lang="es"' in page
        registrant = letter.premises.registrant
        for secret in (registrant.name, registrant.reference, registrant.phone, registrant.user.email, "Camera 1"):
            assert secret not in page

    def test_it_bears_the_address_as_the_county_writes_it(self) -> None:
        letter = asked()
        typed = {"street": "600 20th street north apt 4 # YOU WERE WARNED", "city": "WE ARE WATCHING"}
        Premises.objects.filter(pk=letter.premises_id).update(**typed)
        with patch.object(services, "letters_as_pdf", return_value=b"%PDF-") as drawn:
            services.make_batch()
        ((written,),) = (list(call.args[0]) for call in drawn.call_args_list)
        assert str(written.address) == "600 20th St N APT 4, Birmingham, AL 35203"

    def test_one_to_an_address_that_the_county_has_no_longer_is_ended(self) -> None:
        letter = asked()
        uploads.current()
        assert services.make_batch() is None
        letter.refresh_from_db()
        assert letter.state == LetterState.ENDED

    def test_each_letter_is_a_page_of_its_own(self) -> None:
        waiting = [asked(), asked()]
        content = services.letters_as_pdf(
            [services.LetterToPrint(each, each.premises.address, "AAAAA-AAAAA") for each in waiting]
        )
        assert content.startswith(b"%PDF-")
        assert b"/Count 2" in text_in(content)


class TestMaking:
    pytestmark = pytest.mark.django_db

    def test_nothing_waits_nothing_is_made(self) -> None:
        assert services.make_batch() is None

    def test_one_batch_waits_for_its_clerk_before_the_next_is_made(self) -> None:
        printed()
        asked()
        assert services.make_batch() is None
        assert Letter.objects.filter(state=LetterState.WAITING).count() == 1

    def test_a_place_confirmed_meanwhile_needs_no_letter(self, deputy: User) -> None:
        letter = asked()
        premises.confirm(premises=letter.premises, way=ConfirmedBy.DOOR, actor=deputy.actor)
        assert services.make_batch() is None
        letter.refresh_from_db()
        assert letter.state == LetterState.ENDED

    def test_a_batch_holds_only_so_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("registry.letters.selectors.LETTERS_AT_ONCE", 2)
        for _each in range(3):
            asked()
        batch = services.make_batch()
        assert batch is not None
        assert batch.letters.count() == 2
        assert LETTERS_AT_ONCE >= 2

    def test_a_letter_that_ends_while_it_is_drawn_is_in_no_batch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        letter = asked()
        real = services.letters_as_pdf

        def drawn(sheets: object) -> bytes:
            Letter.objects.filter(pk=letter.pk).update(state=LetterState.ENDED)
            return real(sheets)  # type: ignore[arg-type]

        monkeypatch.setattr(services, "letters_as_pdf", drawn)
        before = files()
        assert services.make_batch() is None
        assert not LetterBatch.objects.exists()
        assert files() == before


class TestAfterADay:
    pytestmark = pytest.mark.django_db

    def test_what_nobody_opened_waits_again_and_its_code_is_no_longer_good(self) -> None:
        letter, _code = printed()
        batch = LetterBatch.objects.get()
        a_day_old(batch)
        assert services.sweep_batches() == 1
        letter.refresh_from_db()
        assert (letter.state, letter.batch, letter.digest) == (LetterState.WAITING, None, None)
        assert entries_of(Event.LETTERS_DELETED, batch)
        assert services.sweep_batches() == 0

    def test_the_file_goes_and_a_younger_one_stays(self) -> None:
        before = files()
        printed()
        (made,) = files() - before
        services.sweep_batches()
        assert made in files()
        file = Path(services.batch_storage().path(made))
        os.utime(file, (file.stat().st_mtime - BATCH_KEPT.total_seconds(),) * 2)
        services.sweep_batches()
        assert made not in files()


class TestOpening:
    def test_a_clerk_opens_it_and_each_owner_reads_that(self, portal_db: Clone) -> None:
        letter, _code = printed(registrant_at(cameras=2))
        batch, clerk = LetterBatch.objects.get(), person("clerk")
        page = sign_in(clerk).get(reverse("letter_batches")).content.decode()
        assert reverse("letter_batch_open", args=[batch.pk]) in page
        answer = sign_in(clerk).post(reverse("letter_batch_open", args=[batch.pk]))
        assert answer["Content-Type"] == "application/pdf"
        assert b"".join(answer.streaming_content) == file_at(portal_db, batch).read_bytes()  # type: ignore[attr-defined]
        answer.close()
        own = access_log.entries_of_owner(Camera.objects.filter(premises=letter.premises))
        assert own.filter(event=Event.LETTER_OPENED, actor_pseudonym=clerk.pseudonym).count() == 2
        batch.refresh_from_db()
        assert batch.opened_by == clerk

    def test_the_second_time_it_is_too_late_for_anybody(self, portal_db: Clone) -> None:
        portal_db.begin_with("a printed letter", printed)
        address = reverse("letter_batch_open", args=[LetterBatch.objects.get().pk])
        sign_in(person("clerk")).post(address).close()
        entries = AuditEntry.objects.filter(event=Event.LETTER_OPENED).count()
        assert sign_in(person("clerk")).post(address).status_code == 409
        assert AuditEntry.objects.filter(event=Event.LETTER_OPENED).count() == entries

    def test_a_deleted_one_is_opened_by_nobody(self, portal_db: Clone) -> None:
        printed()
        batch = LetterBatch.objects.get()
        a_day_old(batch)
        services.sweep_batches()
        with pytest.raises(Stale, match="next batch"):
            services.open_batch(batch=batch, by=person("clerk"))

    def test_one_with_the_old_address_of_a_place_is_not_opened(self, portal_db: Clone) -> None:
        left, other = asked(), asked()
        services.make_batch()
        left.refresh_from_db()
        with transaction.atomic():
            services.end_letters_at(left.premises, left.premises.registrant.user.actor)
        with pytest.raises(Stale, match="has moved or left"):
            services.open_batch(batch=LetterBatch.objects.get(), by=person("clerk"))
        assert not AuditEntry.objects.filter(event__in=[Event.LETTERS_OPENED, Event.LETTER_OPENED]).exists()
        other.refresh_from_db()
        assert (other.state, other.batch) == (LetterState.WAITING, None)
        assert LetterBatch.objects.get().deleted_at is not None

    def test_nobody_else_opens_it(self, portal_db: Clone, subtests: pytest.Subtests) -> None:
        portal_db.begin_with("a printed letter", printed)
        for role in ("deputy", "supervisor", "administrator", "auditor", "resident"):
            with subtests.test(role=role), pytest.raises(Refused, match="Clerks print"):
                services.open_batch(batch=LetterBatch.objects.get(), by=person(role))

    def test_another_clerk_s_ticket_opens_nothing(self, portal_db: Clone) -> None:
        portal_db.begin_with("a printed letter", printed)
        batch, clerk, other = LetterBatch.objects.get(), person("clerk"), person("clerk")
        ticket = services.open_batch(batch=batch, by=clerk)
        with pytest.raises(Refused, match="any more"):
            services.file_of_batch(batch=batch, by=other, ticket=ticket)
        with services.file_of_batch(batch=batch, by=clerk, ticket=ticket) as file:
            assert file.read(5) == b"%PDF-"

    def test_where_the_file_is_is_told_by_no_select(self, portal_db: Clone) -> None:
        portal_db.begin_with("a printed letter", printed)
        with portal_db.connect("portal_app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT storage_key FROM registry_letter_file")

    def test_the_database_opens_no_batch_twice(self, portal_db: Clone) -> None:
        portal_db.begin_with("a printed letter", printed)
        batch, clerk = LetterBatch.objects.get(), person("clerk")
        services.open_batch(batch=batch, by=clerk)
        with pytest.raises(IntegrityError, match="opened once"), transaction.atomic():
            LetterBatch.objects.filter(pk=batch.pk).update(opened_at=timezone.now())


@pytest.mark.django_db
def test_a_batch_that_waits_is_on_the_start_page_of_clerks(clerk_client: Client) -> None:
    assert reverse("letter_batches") not in start_of(clerk_client)
    printed()
    assert "1 batch of letters" in start_of(clerk_client)


def start_of(client: Client) -> str:
    """Return what the start page says below its navigation."""
    return client.get(reverse("console")).content.decode().partition("<main")[2]


def files() -> set[str]:
    """Return the files of batches that there are."""
    storage = services.batch_storage()
    return set(storage.listdir("")[1]) if storage.exists("") else set()
