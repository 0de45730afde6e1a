"""A change of an agency account stands with the words of two administrators and their entries, by raw SQL too.

Each statement is tried as `portal_app`, in a transaction of its own, and read by error code.
"""

from functools import partial
from uuid import uuid4

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from tests.database.agency import ACCEPT, APPROVE, ENTRY, LAWFUL, REFUSED, Agency, Words, checks, doing, opening
from tests.database.operator import as_operator
from tests.people import TOTP_SECRET

COVERS = (
    "DELETE FROM accounts_rolechange",
    "UPDATE accounts_rolechange SET role = '', kind = 'disable'",
    "UPDATE accounts_rolechange SET approved_by_id = proposed_by_id, proposed_by_id = approved_by_id",
    "UPDATE accounts_rolechange SET reason = 'Another.'",
    "UPDATE accounts_rolechange SET state = 'cancelled'",
    "UPDATE accounts_rolechange SET account_id = (SELECT id FROM accounts_user WHERE email LIKE 'former%')",
)
"""Statements by which the words would no longer cover a change."""


@pytest.mark.parametrize("kind", LAWFUL)
class TestEveryChange:
    def test_stands_with_the_words_of_two_administrators_and_their_entries(self, agency: Agency, kind: str) -> None:
        words, act = LAWFUL[kind](agency)
        before = agency.state()
        assert agency.tries(act, words.write) is None
        assert agency.state() != before

    def test_stands_once(self, agency: Agency, kind: str) -> None:
        words, act = LAWFUL[kind](agency)
        assert agency.tries(act, words.write) is None
        deputy = User.objects.get(pk=agency["deputy"])
        with as_operator():  # all as it was before
            User.objects.filter(pk=deputy.pk).update(role="deputy")
            User.objects.filter(pk=agency["disabled"]).update(is_active=False, disabled_at=timezone.now())
            User.objects.filter(pk=agency["locked"]).update(locked_at=timezone.now())
            Authenticator.objects.filter(user=deputy).delete()
            TOTP.activate(deputy, TOTP_SECRET)
        if kind == "invite":
            act = opening(agency, id=uuid4(), email="twin@agency.example", pseudonym="Deputy T2T2")
        again = [
            ACCEPT if kind == "invite" else APPROVE,
            str(words.approver),
            "role_change",
            str(words.id),
            words.facts,
        ]
        before = agency.state()
        assert agency.tries(act, lambda run: run(ENTRY, again)) == REFUSED
        assert agency.state() == before

    def test_keeps_the_words_it_stands_on(self, agency: Agency, kind: str) -> None:
        words, act = LAWFUL[kind](agency)
        before = agency.state()
        steps = {cover: doing(cover) for cover in COVERS}
        refused = dict.fromkeys(COVERS, REFUSED)
        earlier = {cover: agency.tries(act, words.write, checks("IMMEDIATE"), step) for cover, step in steps.items()}
        assert earlier == refused
        assert agency.state() == before
        assert agency.tries(act, words.write) is None
        assert {cover: agency.tries(step) for cover, step in steps.items()} == refused


class TestEveryKind:
    """A refused write changes nothing, so all kinds are tried on one agency."""

    def test_does_not_stand_alone(self, agency: Agency, subtests: pytest.Subtests) -> None:
        for kind in LAWFUL:
            with subtests.test(kind=kind):
                words, act = LAWFUL[kind](agency)
                before = agency.state()
                assert agency.tries(act) == REFUSED
                assert agency.tries(words.ask, act) == REFUSED
                assert agency.state() == before

    def test_does_not_stand_without_entries(self, agency: Agency, subtests: pytest.Subtests) -> None:
        for kind in LAWFUL:
            with subtests.test(kind=kind):
                words, act = LAWFUL[kind](agency)
                before = agency.state()
                assert agency.tries(act, partial(words.write, entries=False)) == REFUSED
                assert agency.tries(act, partial(words.ask, entry=False), words.sign) == REFUSED
                assert agency.tries(act, words.ask, partial(words.sign, entry=False)) == REFUSED
                assert agency.state() == before

    def test_takes_two_administrators_of_today(self, agency: Agency, subtests: pytest.Subtests) -> None:
        for kind in LAWFUL:
            with subtests.test(kind=kind):
                words, act = LAWFUL[kind](agency)
                before = agency.state()
                for by in (
                    ("first", "gone"),
                    ("gone", "first"),
                    ("former", "first"),
                    ("first", "former"),
                    ("deputy", "locked"),
                ):
                    other = Words(words.kind, words.account, agency[by[0]], agency[by[1]], words.role, words.email)
                    assert (agency.tries(act, other.write), by) == (REFUSED, by)
                assert agency.state() == before

    def test_takes_two_people(self, agency: Agency, subtests: pytest.Subtests) -> None:
        for kind in LAWFUL:
            with subtests.test(kind=kind):
                words, act = LAWFUL[kind](agency)
                alone = Words(words.kind, words.account, words.proposer, words.proposer, words.role, words.email)
                assert agency.tries(act, alone.write) == psycopg.errors.CheckViolation.sqlstate

    def test_of_one_kind_does_not_cover_another(self, agency: Agency, subtests: pytest.Subtests) -> None:
        for kind in LAWFUL:
            with subtests.test(kind=kind):
                words, act = LAWFUL[kind](agency)
                before = agency.state()
                for other in LAWFUL.keys() - {kind}:
                    assert agency.tries(act, words.write, LAWFUL[other](agency)[1]) == REFUSED
                assert agency.state() == before

    def test_of_one_person_does_not_cover_another(self, agency: Agency, subtests: pytest.Subtests) -> None:
        for kind in LAWFUL:
            with subtests.test(kind=kind):
                words, act = LAWFUL[kind](agency)
                about = agency["former"] if kind != "invite" else words.account
                other = Words(
                    words.kind, about, words.proposer, words.approver, words.role, words.email and "x@agency.example"
                )
                before = agency.state()
                assert agency.tries(act, other.write) == REFUSED
                assert agency.state() == before

    def test_is_not_covered_by_the_one_concerned(self, agency: Agency, subtests: pytest.Subtests) -> None:
        for kind in LAWFUL.keys() - {"invite"}:  # somebody who is invited has no account yet
            with subtests.test(kind=kind):
                words = agency.words(
                    kind, "first", role="clerk" if kind == "change_role" else "", by=("second", "first")
                )
                assert agency.tries(words.write) == REFUSED

    def test_is_looked_at_whenever_the_checks_are_set_to(self, agency: Agency, subtests: pytest.Subtests) -> None:
        for kind in LAWFUL:
            with subtests.test(kind=kind):
                words, act = LAWFUL[kind](agency)
                before = agency.state()
                for mode in ("DEFERRED", "IMMEDIATE"):
                    for steps in ([checks(mode), act], [act, checks(mode)], [words.ask, checks(mode), act]):
                        assert (agency.tries(*steps), mode) == (REFUSED, mode)
                assert agency.state() == before
