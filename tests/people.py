"""People by role, as fixtures: `deputy` is the account, `deputy_client` a browser where they are signed in."""

import time
from collections.abc import Callable
from contextlib import nullcontext
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client

from fusus_portal.ground.accounts import selectors as accounts
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, Role
from fusus_portal.ground.accounts.services import role_changes
from fusus_portal.ground.accounts.sign_in import sessions
from tests.database.operator import as_operator

PASSWORD = "plum river seven lanterns"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
BACKEND = "fusus_portal.ground.accounts.backend.AccountBackend"

MakePerson = Callable[..., User]
SignIn = Callable[[User], Client]


def make_person(role: str, email: str, *, name: str = "", second_factor: bool = True, language: str = "en") -> User:
    """Make an account with a confirmed address; one of the agency has a code app, unless told otherwise.

    One of the agency is the operator's work: the application makes none without two administrators.
    """
    is_agency = role in AGENCY_ROLES
    account = User(email=email, role=role, name=name or email.partition("@")[0].title(), language=language)
    if is_agency:
        account.pseudonym = accounts.new_pseudonym(role)
        account.call_back_number = "205-555-0142"
    account.set_password(PASSWORD)
    with as_operator() if is_agency else nullcontext():
        account.save(force_insert=True)
        if is_agency and second_factor:
            TOTP.activate(account, TOTP_SECRET)
    EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
    return account


def unconfirmed_account(email: str, password: str = "somebody else's words") -> User:
    """Make an account as a sign-up leaves it whose code was never typed."""
    account = User(email=email, role=Role.RESIDENT)
    account.set_password(password)
    account.save(force_insert=True)
    EmailAddress.objects.create(user=account, email=email, verified=False, primary=True)
    return account


def sign_in(account: User, client: Client | None = None, *, notice: bool = True, second_factor: bool = True) -> Client:
    """Return a browser where the person signed in just now, as if through every page of the sign-in."""
    browser = client or Client()
    browser.force_login(account, BACKEND)
    session = browser.session
    now = time.time()
    session[sessions.SIGNED_IN_AT] = session[sessions.USED_AT] = now
    records: list[dict[str, object]] = [{"method": "password", "at": now, "email": account.email}]
    if account.is_agency and notice:
        session[sessions.NOTICE_AT] = now
    factor = Authenticator.objects.filter(user=account).first() if second_factor else None
    if factor or (account.is_agency and second_factor):
        records.append({"method": "mfa", "at": now, "id": factor.pk if factor else 0, "type": "totp"})
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    UserSession.objects.create(user=account, ip="127.0.0.1", session_key=session.session_key, user_agent="Test browser")
    return browser


def signs_in_again(browser: Client) -> None:
    """Let somebody who signed in a while ago have done so just now, for pages that ask for it."""
    if settings.SESSION_COOKIE_NAME not in browser.cookies:
        return
    session, now = browser.session, time.time()
    session[sessions.USED_AT] = now
    records = session.get("account_authentication_methods", [])
    session["account_authentication_methods"] = [{**each, "at": now} for each in records]
    session.save()


@pytest.fixture
def visitor_client() -> Client:
    """Return a browser that is not signed in."""
    return Client()


def becomes(account: User, role: str) -> User:
    """Give somebody another role, as two administrators do."""
    first, second = (make_person(Role.ADMINISTRATOR, f"{uuid4().hex}@agency.example") for _each in range(2))
    change = role_changes.propose(kind="change_role", account=account, role=role, reason="A new post.", by=first)
    role_changes.approve(change=change, by=second)
    account.refresh_from_db()
    return account


def _account_fixture(fixture: str, role: str) -> Callable[..., User]:
    @pytest.fixture(name=fixture)
    def account(db: None) -> User:
        return make_person(role, f"{fixture.replace('_', '.')}@portal.example")

    return account


def _client_fixture(fixture: str) -> Callable[..., Client]:
    @pytest.fixture(name=f"{fixture}_client")
    def client(request: pytest.FixtureRequest) -> Client:
        return sign_in(request.getfixturevalue(fixture))

    return client


resident = _account_fixture("resident", Role.RESIDENT)
other_resident = _account_fixture("other_resident", Role.RESIDENT)
business = _account_fixture("business", Role.BUSINESS)
other_business = _account_fixture("other_business", Role.BUSINESS)
deputy = _account_fixture("deputy", Role.DEPUTY)
other_deputy = _account_fixture("other_deputy", Role.DEPUTY)
supervisor = _account_fixture("supervisor", Role.SUPERVISOR)
other_supervisor = _account_fixture("other_supervisor", Role.SUPERVISOR)
auditor = _account_fixture("auditor", Role.AUDITOR)
other_auditor = _account_fixture("other_auditor", Role.AUDITOR)
clerk = _account_fixture("clerk", Role.CLERK)
reviewer = _account_fixture("reviewer", Role.REVIEWER)
administrator = _account_fixture("administrator", Role.ADMINISTRATOR)
other_administrator = _account_fixture("other_administrator", Role.ADMINISTRATOR)

resident_client = _client_fixture("resident")
other_resident_client = _client_fixture("other_resident")
business_client = _client_fixture("business")
other_business_client = _client_fixture("other_business")
deputy_client = _client_fixture("deputy")
other_deputy_client = _client_fixture("other_deputy")
supervisor_client = _client_fixture("supervisor")
other_supervisor_client = _client_fixture("other_supervisor")
auditor_client = _client_fixture("auditor")
other_auditor_client = _client_fixture("other_auditor")
reviewer_client = _client_fixture("reviewer")
clerk_client = _client_fixture("clerk")
administrator_client = _client_fixture("administrator")
other_administrator_client = _client_fixture("other_administrator")
