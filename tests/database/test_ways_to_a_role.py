"""No statement of the application's role leads to an agency role, or to the factors of an agency account."""

import json
from uuid import UUID, uuid4

from django.utils import timezone

from tests.database.agency import (
    ENTRY,
    FACTOR,
    NO_PRIVILEGE,
    REFUSED,
    Agency,
    Execute,
    Step,
    checks,
    doing,
    giving,
    resetting,
)

COPY = """
COPY accounts_user (id, email, role, name, pseudonym, call_back_number, language, is_active, is_staff, is_superuser,
                    joined_at, password_changed_at, password) FROM STDIN
"""
OTHER_WAYS = [
    """WITH eve AS (UPDATE accounts_user SET role = 'administrator' WHERE email LIKE 'deputy%' RETURNING 1)
       SELECT * FROM eve""",
    "UPDATE accounts_user SET role = 'deputy', pseudonym = 'Deputy K7Q2' WHERE email LIKE 'resident%'",
    "UPDATE accounts_user SET role = 'resident', pseudonym = '' WHERE email LIKE 'deputy%'",
    """WITH old AS (DELETE FROM account_emailaddress WHERE email LIKE 'former%'),
            factor AS (DELETE FROM mfa_authenticator a USING accounts_user u
                        WHERE a.user_id = u.id AND u.email LIKE 'former%')
       UPDATE accounts_user SET id = gen_random_uuid() WHERE email LIKE 'former%'""",
    """MERGE INTO accounts_user u USING (SELECT 'deputy@agency.example' AS email) e ON u.email = e.email
       WHEN MATCHED THEN UPDATE SET role = 'administrator'""",
    """INSERT INTO accounts_user SELECT * FROM accounts_user WHERE email LIKE 'deputy%'
       ON CONFLICT (id) DO UPDATE SET role = 'administrator'""",
    """UPDATE mfa_authenticator SET data = '{"secret": "mine"}'
       WHERE user_id = (SELECT id FROM accounts_user WHERE email LIKE 'deputy%')""",
    """UPDATE mfa_authenticator SET user_id = (SELECT id FROM accounts_user WHERE email LIKE 'resident%')
       WHERE user_id = (SELECT id FROM accounts_user WHERE email LIKE 'deputy%')""",
    """INSERT INTO mfa_authenticator (user_id, type, data, created_at)
       SELECT id, 'webauthn', '{}', now() FROM accounts_user WHERE email LIKE 'first%'""",
    """INSERT INTO accounts_identity (id, account_id, issuer, subject_id, linked_at)
       SELECT gen_random_uuid(), id, 'https://id.example', 'eve', now() FROM accounts_user WHERE email LIKE 'first%'""",
    """INSERT INTO accounts_rolechange (id, kind, state, email, name, role, reason, by_operator, approved_at,
                                       proposed_at, expires_at)
       VALUES (gen_random_uuid(), 'invite', 'approved', 'eve@agency.example', '', 'administrator', 'x', true, now(),
               now(), now())""",
]

THE_GUARD = [
    "SET session_replication_role = replica",
    "SET ROLE portal_owner",
    "SET SESSION AUTHORIZATION portal_migrator",
    "ALTER TABLE accounts_user DISABLE TRIGGER ALL",
    "DROP TRIGGER accounts_user_takes_two ON accounts_user",
    "ALTER TABLE accounts_rolechange DISABLE TRIGGER accounts_role_change_is_kept",
    "CREATE OR REPLACE FUNCTION accounts_user_takes_two() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
    "SELECT accounts_takes_effect(NULL, '', '', '')",
    "TRUNCATE accounts_rolechange",
    "TRUNCATE mfa_authenticator",
]


def tried(agency: Agency, statements: list[str]) -> dict[str, str | None]:
    """Return the error code of each statement, in a transaction of its own."""
    return {statement: agency.tries(doing(statement)) for statement in statements}


def test_no_other_statement_does_it(agency: Agency) -> None:
    before = agency.state()
    assert tried(agency, OTHER_WAYS) == dict.fromkeys(OTHER_WAYS, REFUSED)
    assert agency.state() == before


def test_no_copy_does_it(agency: Agency) -> None:
    row = [uuid4(), "eve@agency.example", "administrator", "Eve", "Administrator K7Q2", "", "en", True, False, False]
    before = agency.state()

    def copy(run: Execute) -> None:
        with agency.application.cursor().copy(COPY) as rows:
            rows.write_row([*row, timezone.now(), timezone.now(), "!"])

    assert agency.tries(copy) == REFUSED
    assert agency.state() == before


def test_the_guard_itself_is_not_the_applications(agency: Agency) -> None:
    assert tried(agency, THE_GUARD) == dict.fromkeys(THE_GUARD, NO_PRIVILEGE)


def test_a_role_that_is_given_and_taken_back_was_given(agency: Agency) -> None:
    assert agency.tries(giving(agency, "deputy", "administrator"), giving(agency, "deputy", "deputy")) == REFUSED


def test_three_dont_raise_one_another(agency: Agency) -> None:
    """Each has the words of the two others, who are administrators by then."""
    three = ("deputy", "former", "locked")
    pairs = [("former", "locked"), ("deputy", "locked"), ("deputy", "former")]
    words = [
        agency.words("change_role", name, by=by, role="administrator", id=UUID(int=n))
        for n, (name, by) in enumerate(zip(three, pairs, strict=True), start=1)
    ]
    raised = [giving(agency, name, "administrator") for name in three]
    before = agency.state()
    assert agency.tries(*raised, *[one.write for one in words]) == REFUSED
    assert agency.tries(*raised, *[one.write for one in words], checks("IMMEDIATE")) == REFUSED
    assert agency.state() == before


def test_an_administrator_for_a_moment_signs_nothing(agency: Agency) -> None:
    """The check of the signature is run while the friend has the role, and the role taken back after it."""
    words = agency.words("change_role", "deputy", by=("first", "former"), role="administrator")
    steps = (
        giving(agency, "former", "administrator"),
        words.write,
        checks("IMMEDIATE", of="accounts_role_change_is_signed"),
        giving(agency, "former", "clerk"),
        giving(agency, "deputy", "administrator"),
    )
    assert agency.tries(*steps) == REFUSED


class TestTheirOwnFactors:
    def entry(self, agency: Agency, event: str, kind: str = "totp", who: str = "deputy") -> Step:
        facts = json.dumps({"kind": kind})
        return lambda run: run(ENTRY, [event, str(agency[who]), "account", str(agency["deputy"]), facts])

    def test_they_add_one_with_their_entry(self, agency: Agency) -> None:
        add = lambda run: run(FACTOR, [agency["deputy"], "webauthn"])  # noqa: E731
        assert agency.tries(add) == REFUSED
        assert agency.tries(add, self.entry(agency, "accounts:factor:add", "webauthn", "first")) == REFUSED
        assert agency.tries(add, self.entry(agency, "accounts:factor:add", "webauthn")) is None

    def test_they_remove_one_with_their_entry_while_another_stays(self, agency: Agency) -> None:
        removed = self.entry(agency, "accounts:factor:remove")
        assert agency.tries(resetting(agency), removed) == REFUSED
        added = self.entry(agency, "accounts:factor:add", "webauthn")
        assert agency.tries(lambda run: run(FACTOR, [agency["deputy"], "webauthn"]), added) is None
        one = lambda run: run("DELETE FROM mfa_authenticator WHERE user_id = %s AND type = 'totp'", [agency["deputy"]])  # noqa: E731
        assert agency.tries(one) == REFUSED
        assert agency.tries(one, removed) is None

    def test_using_one_takes_no_word(self, agency: Agency) -> None:
        used = 'UPDATE mfa_authenticator SET last_used_at = now(), data = data || \'{"name": "Key"}\''
        assert agency.tries(lambda run: run(used)) is None

    def test_the_public_has_its_own(self, agency: Agency) -> None:
        assert agency.tries(lambda run: run(FACTOR, [agency["resident"], "totp"])) is None
        assert (
            agency.tries(lambda run: run("DELETE FROM mfa_authenticator WHERE user_id = %s", [agency["resident"]]))
            is None
        )


def test_a_resident_who_becomes_a_business_is_none_of_it(agency: Agency) -> None:
    assert agency.tries(giving(agency, "resident", "business")) is None


def test_what_locks_an_account_or_disables_it_takes_no_second_word(agency: Agency) -> None:
    change = "UPDATE accounts_user SET locked_at = now(), is_active = false, disabled_at = now() WHERE id = %s"
    assert agency.tries(lambda run: run(change, [agency["deputy"]])) is None
