"""Registrations that are not finished: kept with the account, brought to mind once, deleted after a month."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import delivery
from registry.people.services import registrants
from registry.registrants.models import RegistrationDraft
from registry.registrants.selectors import draft_of
from registry.rules import LONGEST_DRAFT
from tests.audit.acts.registry.moving import aged_draft
from tests.factories import person, registrant_at
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db

YOU = {"name": "Ana Rivera", "phone": "205-555-0117", "language": "es"}


class TestKeeping:
    def test_steps_add_up_and_only_the_beginning_is_an_entry(self) -> None:
        by = person()
        registrants.keep_draft(by=by, step="you", typed=YOU)
        draft = registrants.keep_draft(by=by, step="cameras", typed=[{"name": "Door"}])
        assert draft.typed == {"you": YOU, "cameras": [{"name": "Door"}]}
        assert len(entries_of(Event.DRAFT_BEGUN, draft)) == 1
        assert "Ana" not in str(entries_of(Event.DRAFT_BEGUN)[0].facts)

    def test_another_address_forgets_the_pin(self) -> None:
        by = person()
        registrants.keep_draft(by=by, step="pin", typed={"latitude": 33.5})
        draft = registrants.keep_draft(by=by, step="place", typed={"street": "1 Elm"}, forget=("pin",))
        assert draft.typed == {"place": {"street": "1 Elm"}}

    def test_it_is_found_by_its_account_alone(self) -> None:
        by = person()
        registrants.keep_draft(by=by, step="you", typed=YOU)
        assert draft_of(person()) is None
        assert draft_of(by) is not None

    def test_a_tab_left_open_keeps_nothing_of_somebody_who_has_registered_meanwhile(self) -> None:
        by = registrant_at().user
        with pytest.raises(Stale):
            registrants.keep_draft(by=by, step="you", typed=YOU)
        assert draft_of(by) is None

    def test_accounts_of_the_office_begin_none(self) -> None:
        with pytest.raises(Refused):
            registrants.keep_draft(by=person("deputy"), step="you", typed=YOU)

    def test_the_database_bounds_what_is_typed(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            registrants.keep_draft(by=person(), step="you", typed={"name": "x" * (LONGEST_DRAFT + 1)})


class TestTheEnd:
    def test_registering_deletes_it(self) -> None:
        by = person()
        registrants.keep_draft(by=by, step="you", typed=YOU)
        registrant_at(user=by)
        assert not RegistrationDraft.objects.exists()

    def test_starting_over_deletes_it_and_what_was_about_to_be_written(self) -> None:
        draft = aged_draft(days=2)
        registrants.remind_due_drafts()
        registrants.discard_draft(by=draft.user)
        assert not RegistrationDraft.objects.exists()
        assert not Message.objects.exists()
        registrants.discard_draft(by=draft.user)
        assert len(entries_of(Event.DRAFT_DISCARDED)) == 1

    def test_an_account_that_goes_takes_it_along(self) -> None:
        draft = aged_draft(days=2)
        User.objects.filter(pk=draft.user_id).delete()
        assert not RegistrationDraft.objects.exists()

    @pytest.mark.parametrize(("days", "left"), [(29, 1), (30, 0), (31, 0)])
    def test_after_30_days_without_progress_it_is_deleted(self, days: int, left: int) -> None:
        draft = aged_draft(days=days)
        assert registrants.expire_due_drafts() == 1 - left
        assert RegistrationDraft.objects.count() == left
        assert len(entries_of(Event.DRAFT_EXPIRED, draft)) == 1 - left

    def test_progress_begins_the_30_days_anew(self) -> None:
        draft = aged_draft(days=29)
        registrants.keep_draft(by=draft.user, step="place", typed={"street": "1 Elm"})
        draft.refresh_from_db()
        assert (draft.expires_at - timezone.now()).days == 29


class TestTheOneMessage:
    def test_it_goes_out_once_after_a_day(self) -> None:
        draft = aged_draft(days=1)
        aged_draft(days=0)
        assert [registrants.remind_due_drafts(), registrants.remind_due_drafts()] == [1, 0]
        (message,) = Message.objects.all()
        assert (message.kind, message.to) == (MessageKind.REGISTRATION_UNFINISHED, draft.user.email)
        assert len(entries_of(Event.DRAFT_REMINDED, draft)) == 1

    def test_progress_afterwards_brings_no_second_one(self) -> None:
        draft = aged_draft(days=2)
        registrants.remind_due_drafts()
        registrants.keep_draft(by=draft.user, step="you", typed=YOU)
        RegistrationDraft.objects.update(touched_at=draft.touched_at)
        assert registrants.remind_due_drafts() == 0

    def test_it_holds_nothing_that_was_typed_and_no_way_in(self) -> None:
        aged_draft(days=2)
        registrants.remind_due_drafts()
        assert delivery.deliver(pk=Message.objects.get().pk)
        (letter,) = mail.outbox
        assert "Ana Rivera" not in letter.body
        assert "\nhttp://localhost:8000/register/\n" in letter.body.replace(
            "https://portal.example", "http://localhost:8000"
        )

    def test_one_that_is_about_to_be_deleted_is_not_written_about(self) -> None:
        aged_draft(days=31)
        assert registrants.remind_due_drafts() == 0
