"""A code that is guessed, in many windows at once, and a batch that two open: tried to the end."""

from collections import Counter
from functools import partial
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from audit.log.actors import current_source
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import Ticket, open_ticket, record_at_once
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused, Stale
from registry.letters import services
from registry.letters.models import Letter, LetterBatch
from registry.letters.states import LetterState
from registry.places.models import Confirmation
from registry.rules import LETTER_TRIES
from tests.database.clone import Clone
from tests.factories import person, registrant_at
from tests.people import sign_in
from tests.registry.entries import entries_of
from tests.registry.letters.post import a_day_old, printed, sent
from tests.registry.test_races import at_once

WRONG = "00000-0000{}"


@pytest.mark.django_db(transaction=True)
class TestTheCode:
    def test_many_windows_have_five_tries_together(self) -> None:
        registrant = registrant_at()
        letter, code = sent(registrant)
        enter = partial(services.enter_code, registrant=registrant, by=registrant.user)
        outcomes = at_once(*(partial(enter, code=WRONG.format(number)) for number in range(9)))
        assert all(isinstance(each, ValidationError) for each in outcomes)
        letter.refresh_from_db()
        assert (letter.state, letter.tries) == (LetterState.ENDED, LETTER_TRIES)
        assert len(entries_of(Event.LETTER_REFUSED, letter)) == LETTER_TRIES
        with pytest.raises(ValidationError):
            enter(code=code)
        assert not Confirmation.objects.exists()

    def test_the_right_one_typed_in_three_windows_confirms_once(self) -> None:
        registrant = registrant_at()
        letter, code = sent(registrant)
        enter = partial(services.enter_code, registrant=registrant, by=registrant.user, code=code)
        outcomes = at_once(enter, enter, enter)
        assert Counter(type(each).__name__ for each in outcomes) == {"Premises": 1, "ValidationError": 2}
        letter.refresh_from_db()
        assert letter.state == LetterState.USED
        assert Confirmation.objects.count() == 1

    def test_who_has_no_tries_left_gets_no_letter_and_no_other_tries(self) -> None:
        registrant = registrant_at()
        letter, code = sent(registrant)
        browser = sign_in(registrant.user)
        answers = [browser.post(reverse("place_code"), {"code": WRONG.format(number)}) for number in range(9)]
        assert all("not the code in a letter to you" in each.text for each in answers)
        place = registrant.premises.get()
        assert browser.post(reverse("letter_new", args=[place.pk])).status_code == 409
        assert "not the code in a letter to you" in browser.post(reverse("place_code"), {"code": code}).text
        for number in range(10):
            browser.post(reverse("place_code"), {"code": WRONG.format(number)})
        assert browser.post(reverse("place_code"), {"code": code}).status_code == 429
        assert len(entries_of(Event.LETTER_REFUSED, letter)) == LETTER_TRIES


class TestTheBatch:
    def test_of_two_clerks_and_a_double_press_one_opens_it(self, portal_db: Clone) -> None:
        letter, _code = printed(registrant_at(cameras=2))
        batch, first, second = LetterBatch.objects.get(), person(Role.CLERK), person(Role.CLERK)
        outcomes = at_once(*(partial(services.open_batch, batch=batch, by=by) for by in (first, second, first, second)))
        assert Counter(type(each) for each in outcomes) == {Ticket: 1, Stale: 3}
        assert AuditEntry.objects.filter(event=Event.LETTERS_OPENED).count() == 1
        assert AuditEntry.objects.filter(event=Event.LETTER_OPENED).count() == 2
        letter.refresh_from_db()
        assert letter.state == LetterState.PRINTED

    def test_two_browsers_that_press_at_once_get_one_file(self, portal_db: Clone) -> None:
        printed()
        address = reverse("letter_batch_open", args=[LetterBatch.objects.get().pk])

        def press(browser: Any) -> int:
            answer = browser.post(address)
            answer.close()
            return int(answer.status_code)

        browsers = [sign_in(person(Role.CLERK)) for _each in range(3)]
        assert sorted(at_once(*(partial(press, each) for each in browsers))) == [200, 409, 409]

    def test_opened_or_put_back_and_not_both(self, portal_db: Clone) -> None:
        letter, _code = printed()
        batch = LetterBatch.objects.get()
        a_day_old(batch)
        outcome, _swept = at_once(
            partial(services.open_batch, batch=batch, by=person(Role.CLERK)), services.sweep_batches
        )
        letter.refresh_from_db()
        batch.refresh_from_db()
        opened = isinstance(outcome, Ticket)
        assert opened or isinstance(outcome, Stale)
        assert (batch.opened_at is not None) == opened == (letter.state == LetterState.PRINTED)

    def test_a_second_entry_opens_it_for_nobody(self, portal_db: Clone) -> None:
        """Somebody who can write to the log notes that they opened a batch, and asks the database for the file."""
        printed()
        batch, clerk, other = LetterBatch.objects.get(), person(Role.CLERK), person(Role.CLERK)

        def reads(by: Any) -> bool:
            with transaction.atomic(durable=True):
                entry = record_at_once(event=Event.LETTERS_OPENED, actor=by.actor, subject=batch.subject)
            ticket = open_ticket(entry=entry, actor=by.actor, sign_in=current_source().sign_in)
            try:
                services.file_of_batch(batch=batch, by=by, ticket=ticket).close()
            except Refused:
                return False
            return True

        assert not reads(other), "nobody has opened it"
        services.open_batch(batch=batch, by=clerk)
        assert not reads(other), "another has opened it"

    def test_by_sql_it_is_not_closed_again(self, portal_db: Clone, subtests: pytest.Subtests) -> None:
        printed()
        services.open_batch(batch=LetterBatch.objects.get(), by=person(Role.CLERK))
        for statement in (
            "UPDATE registry_letterbatch SET opened_at = NULL, opened_by_id = NULL",
            "UPDATE registry_letterbatch SET opened_at = now()",
            "DELETE FROM registry_letterbatch",
            "DELETE FROM registry_letter_file",
            "UPDATE registry_letter_file SET batch = batch",
        ):
            with subtests.test(statement=statement):
                with portal_db.connect("portal_app") as app, pytest.raises(psycopg.Error):
                    app.execute(statement)
                assert Letter.objects.get().state == LetterState.PRINTED
