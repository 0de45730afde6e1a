"""The first of two words counts when the second one is given, not when it was written."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.models import RoleChange, User
from fusus_portal.ground.accounts.services import role_changes
from fusus_portal.ground.lifecycle import Refused
from tests.database.operator import as_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(deputy: User, administrator: User) -> RoleChange:
    """Return what an administrator proposed: a deputy becomes a supervisor."""
    return role_changes.propose(
        kind="change_role", account=deputy, role="supervisor", reason="Leads the night watch.", by=administrator
    )


@pytest.mark.parametrize(
    "lost", [{"role": "clerk"}, {"is_active": False, "disabled_at": "2026-01-01T00:00Z"}], ids=["role", "account"]
)
def test_it_is_gone_with_an_administrator_who_lost_the_role(
    change: RoleChange, lost: dict[str, Any], other_administrator_client: Client, other_administrator: User
) -> None:
    with as_operator():
        User.objects.filter(email="administrator@portal.example").update(**lost)
    page = other_administrator_client.get(reverse("people"))
    assert "no administrator any more" in page.content.decode()
    answer = other_administrator_client.post(reverse("change_approve", args=[change.pk]))
    assert answer.status_code == 403
    change.refresh_from_db()
    assert change.state == "proposed"
    assert User.objects.get(role_changes=change).role == "deputy"
    with as_operator(), pytest.raises(Refused, match="no administrator any more"):
        role_changes.stand_in(change=change)
    assert role_changes.cancel(change=change, by=other_administrator).state == "cancelled"


def test_a_lock_takes_nothing_from_it(
    change: RoleChange, deputy: User, administrator: User, other_administrator: User
) -> None:
    """Anybody outside can lock an account by guessing."""
    User.objects.filter(pk=administrator.pk).update(locked_at=timezone.now())
    role_changes.approve(change=change, by=other_administrator)
    deputy.refresh_from_db()
    assert deputy.role == "supervisor"
