"""The permission table: whole, and without a role that can act and audit."""

import pytest

from fusus_portal.ground.access.permissions import Permission, demand, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, PUBLIC_ROLES, Role
from fusus_portal.ground.lifecycle import Refused


def test_each_permission_has_its_roles_and_its_sentence() -> None:
    assert all(each.roles and each.sentence.endswith(".") for each in Permission)


@pytest.mark.parametrize("permission", [Permission.OPEN_INCIDENT, Permission.CANVASS, Permission.VIEW_EVIDENCE])
def test_who_acts_cant_audit_and_who_audits_cant_act(permission: Permission) -> None:
    assert not permission.roles & Permission.AUDIT.roles


@pytest.mark.parametrize("role", sorted(PUBLIC_ROLES))
def test_the_public_has_no_permission_of_the_agency(role: Role) -> None:
    own = {permission for permission in Permission if has(role, permission)}
    assert own <= {
        Permission.OWN_ACCOUNT,
        Permission.OWN_ADDRESS,
        Permission.OWN_REGISTRATION,
        Permission.OWN_ORDERS,
        Permission.OWN_DEVICES,
    }


def test_the_agency_has_no_registration_of_its_own() -> None:
    assert not Permission.OWN_REGISTRATION.roles & AGENCY_ROLES


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_it_is_demanded_of_every_role(permission: Permission, role: Role) -> None:
    by = User(role=role, is_active=True)
    if has(role, permission):
        demand(by, permission)
    else:
        with pytest.raises(Refused) as refused:
            demand(by, permission, subject=("camera", "1"))
        assert (refused.value.sentence, refused.value.subject) == (permission.sentence, ("camera", "1"))


def test_one_of_several_is_enough_and_else_all_are_said() -> None:
    either = (Permission.FULFILMENT, Permission.OWN_DEVICES)
    demand(User(role="business", is_active=True), *either)
    with pytest.raises(Refused) as refused:
        demand(User(role="auditor", is_active=True), *either)
    assert all(each.sentence in refused.value.sentence for each in either)


def test_an_account_that_is_disabled_has_none() -> None:
    with pytest.raises(Refused):
        demand(User(role="supervisor", is_active=False), Permission.KEEP_EVIDENCE)
