"""An agency for tests that write as the application's role does."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.database.owner import drop_sessions
from tests.database.agency import Agency
from tests.database.clone import Clone
from tests.database.operator import as_operator
from tests.people import make_person

PEOPLE = {
    "first": Role.ADMINISTRATOR,
    "second": Role.ADMINISTRATOR,
    "gone": Role.ADMINISTRATOR,
    "former": Role.CLERK,
    "deputy": Role.DEPUTY,
    "locked": Role.DEPUTY,
    "disabled": Role.DEPUTY,
    "resident": Role.RESIDENT,
    "neighbor": Role.RESIDENT,
    "friend": Role.RESIDENT,
}


@pytest.fixture
def agency(portal_db: Clone) -> Iterator[Agency]:
    """Return an agency with two administrators, one disabled, and a former one."""
    people = {name: make_person(role, f"{name}@agency.example") for name, role in PEOPLE.items()}
    now = timezone.now()
    with as_operator():
        for name in ("gone", "disabled"):
            User.objects.filter(pk=people[name].pk).update(is_active=False, disabled_at=now)
        User.objects.filter(pk=people["locked"].pk).update(locked_at=now)
    drop_sessions(connection)
    ids = {name: account.pk for name, account in people.items()} | {"nobody yet": uuid4()}
    with portal_db.connect("portal_app") as application:
        yield Agency(application, ids)
