"""Changes of suspensions that the database refuses, by raw SQL as `portal_app`, each in a transaction of its own."""

from uuid import UUID, uuid4

import pytest

from fusus_portal.ground.accounts.models import Suspension, User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import suspensions
from fusus_portal.ground.accounts.tasks import SUSPENSION_ROUND
from tests.accounts.suspending import REASON
from tests.database.agency import ENTRY, REFUSED, Agency, Step, doing
from tests.people import make_person

SUSPENSION = """
INSERT INTO accounts_suspension (id, state, account_id, reason, by_operator, suspended_by_id, suspended_at, expires_at)
VALUES (%s, %s, %s, 'Because.', %s, %s, now() - interval '2 days', now() - interval '1 day')
"""
OUT = "UPDATE accounts_user SET is_active = false, disabled_at = now(), password = '!' WHERE id = %s"
BACK = "UPDATE accounts_user SET is_active = true, disabled_at = NULL WHERE id = %s"
BARE = "DELETE FROM mfa_authenticator WHERE user_id = %s"
END = "UPDATE accounts_suspension SET state = 'ended', ended_at = now() WHERE id = %s"
ENDED = "accounts:suspension:end"


def suspending(
    agency: Agency,
    account: str = "deputy",
    *,
    by: str | None = "first",
    pk: UUID | None = None,
    state: str = "suspended",
    by_operator: bool = False,
) -> Step:
    row = [pk or uuid4(), state, agency[account], by_operator, agency[by] if by else None]
    return lambda run: run(SUSPENSION, row)


def entry(agency: Agency, event: str, pk: UUID, by: str = "first") -> Step:
    return lambda run: run(ENTRY, [event, str(agency[by]), "suspension", str(pk), "{}"])


def test_one_administrator_suspends_three_accounts_in_a_day(agency: Agency) -> None:
    more = {f"d{number}": make_person(Role.DEPUTY, f"d{number}@agency.example").pk for number in range(4)}
    agency.ids.update(more)
    for number in range(3):
        assert agency.tries(suspending(agency, f"d{number}")) is None
    assert agency.tries(suspending(agency, "d3")) == REFUSED
    assert agency.tries(suspending(agency, "d3", by="second")) is None


def test_only_an_administrator_who_can_act_suspends(agency: Agency) -> None:
    tried = {by: agency.tries(suspending(agency, "former", by=by)) for by in ("gone", "deputy", "resident")}
    assert set(tried.values()) == {REFUSED}, tried


def test_only_accounts_in_use_are_suspended_and_two_administrators_stay(agency: Agency) -> None:
    tried = {account: agency.tries(suspending(agency, account)) for account in ("disabled", "resident", "second")}
    assert set(tried.values()) == {REFUSED}, tried


def test_the_last_auditor_stays(agency: Agency) -> None:
    agency.ids["auditor"] = make_person(Role.AUDITOR, "auditor@agency.example").pk
    assert agency.tries(suspending(agency, "auditor")) == REFUSED
    make_person(Role.AUDITOR, "other.auditor@agency.example")
    assert agency.tries(suspending(agency, "auditor")) is None


def test_the_application_writes_no_word_of_the_operator(agency: Agency) -> None:
    assert agency.tries(suspending(agency, by=None, by_operator=True)) == REFUSED


def test_factors_go_with_a_suspension_and_its_entry(agency: Agency) -> None:
    pk = uuid4()

    def bare(run: object) -> None:
        run(BARE, [agency["deputy"]])  # type: ignore[operator]

    assert agency.tries(suspending(agency, pk=pk), bare) == REFUSED
    assert agency.tries(bare, entry(agency, "accounts:suspension:begin", pk)) == REFUSED
    assert agency.tries(suspending(agency, pk=pk), bare, entry(agency, "accounts:suspension:begin", pk)) is None


class TestComingBack:
    @pytest.fixture
    def held(self, agency: Agency) -> UUID:
        """Return a suspension of the deputy that waits."""
        by = User.objects.get(pk=agency["first"])
        return suspensions.suspend(account=User.objects.get(pk=agency["deputy"]), reason=REASON, by=by).pk

    def test_an_account_comes_back_when_its_suspension_ends_and_not_again(self, agency: Agency, held: UUID) -> None:
        row = Suspension.objects.get(pk=held)
        assert agency.tries(lambda run: run(BACK, [agency["deputy"]])) == REFUSED
        assert suspensions.end_due(now=row.expires_at, by=SUSPENSION_ROUND) == 1
        assert agency.tries(lambda run: run(OUT, [agency["deputy"]])) is None
        again = [lambda run: run(BACK, [agency["deputy"]]), entry(agency, ENDED, held)]
        assert agency.tries(*again) == REFUSED

    def test_it_does_not_end_before_its_day(self, agency: Agency, held: UUID) -> None:
        assert agency.tries(lambda run: run(END, [held])) == "23514"

    def test_what_was_said_is_kept(self, agency: Agency, held: UUID) -> None:
        changes = (
            "DELETE FROM accounts_suspension",
            "UPDATE accounts_suspension SET reason = 'Another.'",
            "UPDATE accounts_suspension SET account_id = suspended_by_id, suspended_by_id = account_id",
            "UPDATE accounts_suspension SET suspended_at = now() - interval '1 day', expires_at = now()",
            "UPDATE accounts_suspension SET by_operator = true, confirmed_at = now(), state = 'confirmed'",
        )
        tried = {change: agency.tries(doing(change)) for change in changes}
        assert tried == dict.fromkeys(changes, REFUSED)

    def test_it_is_confirmed_by_an_administrator(self, agency: Agency, held: UUID) -> None:
        change = """UPDATE accounts_suspension SET state = 'confirmed', confirmed_at = now(), confirmed_by_id = %s"""
        for who in ("gone", "deputy", "resident"):
            assert agency.tries(doing(change, agency[who])) in {REFUSED, "23514"}, who
        assert agency.tries(lambda run: run(change, [agency["first"]])) == "23514"
        assert agency.tries(lambda run: run(change, [agency["second"]])) is None

    def test_it_brings_nothing_back_that_was_stolen(self, agency: Agency, held: UUID) -> None:
        row = Suspension.objects.get(pk=held)
        with_password = "UPDATE accounts_user SET password = 'stolen' WHERE id = %s"
        assert agency.tries(lambda run: run(with_password, [agency["deputy"]])) is None
        assert suspensions.end_due(now=row.expires_at, by=SUSPENSION_ROUND) == 1
        assert User.objects.get(pk=agency["deputy"]).password.startswith("!")
