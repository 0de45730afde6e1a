"""An agency's accounts, changed by raw SQL as `portal_app`: the words of two administrators, and what they would do."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg.errors import RestrictViolation

PROPOSE, APPROVE, ACCEPT = (f"accounts:role-change:{act}" for act in ("propose", "approve", "accept"))
ENTRY = """
INSERT INTO audit_entry (event, outcome, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in, subject_kind,
                         subject_id, offence_type, premises_type, area, facts)
VALUES (%s, 'done', 'user', %s, 'administrator', '', '', %s, %s, '', '', '', %s)
"""
CHANGE = """
INSERT INTO accounts_rolechange (id, kind, state, account_id, email, name, role, reason, by_operator, proposed_by_id,
                                 proposed_at, expires_at)
VALUES (%(id)s, %(kind)s, 'proposed', %(account)s, %(email)s, '', %(role)s, 'Because.', false, %(proposer)s, now(),
        now() + interval '7 days')
"""
ACCOUNT = """
INSERT INTO accounts_user (id, email, role, name, pseudonym, call_back_number, language, is_active, is_staff,
                           is_superuser, joined_at, password_changed_at, password)
VALUES (%(id)s, %(email)s, %(role)s, 'Eve', %(pseudonym)s, '', 'en', true, false, false, now(), now(), '!')
"""
FACTOR = "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, %s, '{}', now())"

Execute = Callable[..., Any]
Step = Callable[[Execute], object]
FIRST = UUID(int=1)


@dataclass(frozen=True)
class Words:
    """One change as `portal_app` would write it: what is asked, and whose words it has."""

    kind: str
    account: UUID | None
    proposer: UUID
    approver: UUID
    role: str = ""
    email: str = ""
    id: UUID = FIRST

    @property
    def facts(self) -> str:
        account = "" if self.kind == "invite" else str(self.account)
        return json.dumps({"kind": self.kind, "role": self.role, "account": account})

    def ask(self, run: Execute, *, entry: bool = True) -> None:
        """Write the first word."""
        account = None if self.kind == "invite" else self.account
        run(CHANGE, {**vars(self), "account": account})
        if entry:
            run(ENTRY, [PROPOSE, str(self.proposer), "role_change", str(self.id), self.facts])

    def sign(self, run: Execute, *, entry: bool = True) -> None:
        """Write the second one; whatever is no invitation takes effect by it."""
        state = "approved" if self.kind == "invite" else "accepted"
        change = "UPDATE accounts_rolechange SET state = %s, approved_by_id = %s, approved_at = now() WHERE id = %s"
        run(change, [state, self.approver, self.id])
        if entry:
            run(ENTRY, [APPROVE, str(self.approver), "role_change", str(self.id), self.facts])

    def accept(self, run: Execute, *, entry: bool = True) -> None:
        """Let the invited person come."""
        run(
            "UPDATE accounts_rolechange SET state = 'accepted', account_id = %s, accepted_at = now() WHERE id = %s",
            [self.account, self.id],
        )
        if entry:
            run(ENTRY, [ACCEPT, str(self.id), "role_change", str(self.id), self.facts])

    def write(self, run: Execute, *, entries: bool = True) -> None:
        """Write all of it."""
        self.ask(run, entry=entries)
        self.sign(run, entry=entries)
        if self.kind == "invite":
            self.accept(run, entry=entries)


@dataclass(frozen=True)
class Agency:
    """The accounts, and a sign-in of the application's."""

    application: psycopg.Connection
    ids: dict[str, UUID]

    def __getitem__(self, name: str) -> UUID:
        return self.ids[name]

    def tries(self, *steps: Step) -> str | None:
        """Take the steps in one transaction; return the error code, None when it commits."""
        try:
            with self.application.transaction():
                for step in steps:
                    step(self.application.execute)
        except psycopg.Error as error:
            return error.sqlstate
        return None

    def words(self, kind: str, account: str, *, by: tuple[str, str] = ("first", "second"), **more: Any) -> Words:
        """Return the words of two people about an account."""
        return Words(kind, self[account], self[by[0]], self[by[1]], **more)

    def state(self) -> list[tuple[Any, ...]]:
        """Return all that may not change without two administrators."""
        read = "SELECT id, role, is_active, locked_at FROM accounts_user ORDER BY id"
        factors = "SELECT user_id, type, data FROM mfa_authenticator ORDER BY id"
        return [*self.application.execute(read).fetchall(), *self.application.execute(factors).fetchall()]


def doing(statement: str, *values: Any) -> Step:
    return lambda run: run(statement, values or None)


REFUSED = RestrictViolation.sqlstate
NO_PRIVILEGE = "42501"


def giving(agency: Agency, account: str, role: str) -> Step:
    return lambda run: run("UPDATE accounts_user SET role = %s WHERE id = %s", [role, agency[account]])


def opening(agency: Agency, **more: Any) -> Step:
    values = {"id": agency["nobody yet"], "email": "eve@agency.example", "role": "deputy", "pseudonym": "Deputy K7Q2"}
    values |= more
    return lambda run: run(ACCOUNT, values)


def enabling(agency: Agency) -> Step:
    change = "UPDATE accounts_user SET is_active = true, disabled_at = NULL WHERE id = %s"
    return lambda run: run(change, [agency["disabled"]])


def releasing(agency: Agency) -> Step:
    return lambda run: run("UPDATE accounts_user SET locked_at = NULL WHERE id = %s", [agency["locked"]])


def resetting(agency: Agency) -> Step:
    return lambda run: run("DELETE FROM mfa_authenticator WHERE user_id = %s", [agency["deputy"]])


def invitation(agency: Agency, **more: Any) -> Words:
    return agency.words("invite", "nobody yet", **{"email": "eve@agency.example", "role": "deputy"} | more)


def checks(mode: str, of: str = "ALL") -> Step:
    return lambda run: run(f"SET CONSTRAINTS {of} {mode}")


LAWFUL: dict[str, Callable[[Agency], tuple[Words, Step]]] = {
    "change_role": lambda a: (a.words("change_role", "deputy", role="supervisor"), giving(a, "deputy", "supervisor")),
    "enable": lambda a: (a.words("enable", "disabled"), enabling(a)),
    "release": lambda a: (a.words("release", "locked"), releasing(a)),
    "reset_factors": lambda a: (a.words("reset_factors", "deputy"), resetting(a)),
    "invite": lambda a: (invitation(a), opening(a)),
}
