"""The permission table: whole, and without a role that can act and audit."""

import pytest

from fusus_portal.ground.access.permissions import GRANTS, Permission, has
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, PUBLIC_ROLES, Role


def test_each_permission_has_its_roles_and_its_sentence() -> None:
    assert set(GRANTS) == set(Permission)
    assert all(grant.roles and str(grant.sentence).endswith(".") for grant in GRANTS.values())


@pytest.mark.parametrize("permission", [Permission.OPEN_INCIDENT, Permission.CANVASS, Permission.VIEW_EVIDENCE])
def test_who_acts_cant_audit_and_who_audits_cant_act(permission: Permission) -> None:
    assert not GRANTS[permission].roles & GRANTS[Permission.AUDIT].roles


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
    assert not GRANTS[Permission.OWN_REGISTRATION].roles & AGENCY_ROLES
