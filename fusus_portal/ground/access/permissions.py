"""Who may use what: each permission, the roles that have it, and what it lets them do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.roles import AGENCY_ROLES, PUBLIC_ROLES, Role
from fusus_portal.ground.lifecycle import Refused

if TYPE_CHECKING:
    from fusus_portal.ground.accounts.models import User


class Permission(StrEnum):
    """What a page, an act or a step needs the person to be allowed to do."""

    OWN_ACCOUNT = "own_account"
    OWN_ADDRESS = "own_address"
    OWN_REGISTRATION = "own_registration"
    OWN_ORDERS = "own_orders"
    OWN_DEVICES = "own_devices"
    SEE_CONSOLE = "see_console"
    OPEN_INCIDENT = "open_incident"
    VERIFY_INCIDENT = "verify_incident"
    IMPORT_DISPATCH = "import_dispatch"
    CANVASS = "canvass"
    APPROVE_CANVASS = "approve_canvass"
    DELAY_LOOKS = "delay_looks"
    VIEW_EVIDENCE = "view_evidence"
    KEEP_EVIDENCE = "keep_evidence"
    DECLARE = "declare"
    VIEW_LIVE = "view_live"
    OVERSEE_LIVE = "oversee_live"
    FULFILMENT = "fulfilment"
    GIVE_BACK = "give_back"
    READ_BOOKS = "read_books"
    AUDIT = "audit"
    ADMINISTER = "administer"
    PEOPLE = "people"

    @property
    def roles(self) -> frozenset[str]:
        """The roles that have it."""
        return GRANTS[self].roles

    @property
    def sentence(self) -> str:
        """What anybody else reads."""
        return str(GRANTS[self].sentence)


@dataclass(frozen=True, slots=True)
class Grant:
    """The roles that have a permission, and the sentence that says what it allows."""

    roles: frozenset[str]
    sentence: str | Promise


def _grant(sentence: str | Promise, *roles: Role) -> Grant:
    return Grant(frozenset(roles), sentence)


GRANTS: Final[dict[Permission, Grant]] = {
    Permission.OWN_ACCOUNT: _grant(_("Everyone who is signed in keeps their own account."), *Role),
    Permission.OWN_ADDRESS: _grant(
        _("Agency addresses are changed by inviting you at the new one: ask an administrator."), *PUBLIC_ROLES
    ),
    Permission.OWN_REGISTRATION: _grant(
        _("Residents and businesses keep their own registration and answer requests."), *PUBLIC_ROLES
    ),
    Permission.OWN_ORDERS: _grant(_("Businesses buy COREs and see their own orders."), Role.BUSINESS),
    Permission.OWN_DEVICES: _grant(
        _("Businesses keep their own COREs and say when their cameras may be seen."), Role.BUSINESS
    ),
    Permission.SEE_CONSOLE: _grant(_("Everyone who works for the agency sees the console."), *AGENCY_ROLES),
    Permission.OPEN_INCIDENT: _grant(
        _("Deputies and supervisors open incidents and work on them."), Role.DEPUTY, Role.SUPERVISOR
    ),
    Permission.VERIFY_INCIDENT: _grant(
        _("Supervisors verify incidents, assign people to them, and settle what dispatch reports."), Role.SUPERVISOR
    ),
    Permission.IMPORT_DISPATCH: _grant(
        _("Supervisors and administrators import files from dispatch."), Role.SUPERVISOR, Role.ADMINISTRATOR
    ),
    Permission.CANVASS: _grant(
        _("Deputies and supervisors search an area and ask for footage."), Role.DEPUTY, Role.SUPERVISOR
    ),
    Permission.APPROVE_CANVASS: _grant(_("Supervisors approve canvasses that go beyond the limits."), Role.SUPERVISOR),
    Permission.DELAY_LOOKS: _grant(_("Supervisors delay what an owner can read of who looked."), Role.SUPERVISOR),
    Permission.VIEW_EVIDENCE: _grant(
        _("Deputies and supervisors play and download footage that owners gave."), Role.DEPUTY, Role.SUPERVISOR
    ),
    Permission.KEEP_EVIDENCE: _grant(
        _("Supervisors decide how long footage is kept, and place legal holds."), Role.SUPERVISOR
    ),
    Permission.DECLARE: _grant(_("Supervisors declare an incident critical."), Role.SUPERVISOR),
    Permission.VIEW_LIVE: _grant(
        _("Deputies and supervisors see connected cameras live, while the gate is open."), Role.DEPUTY, Role.SUPERVISOR
    ),
    Permission.OVERSEE_LIVE: _grant(_("Supervisors see who views cameras live, and end such a view."), Role.SUPERVISOR),
    Permission.FULFILMENT: _grant(_("Clerks run the shop: orders, payments, parcels, COREs and returns."), Role.CLERK),
    Permission.GIVE_BACK: _grant(
        _("Clerks and administrators give refunds. A large one, or one for a returned CORE, takes two people."),
        Role.CLERK,
        Role.ADMINISTRATOR,
    ),
    Permission.READ_BOOKS: _grant(
        _("Clerks, supervisors, auditors and administrators read and download the books of the shop."),
        Role.CLERK,
        Role.SUPERVISOR,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    ),
    Permission.AUDIT: _grant(_("Auditors read the log."), Role.AUDITOR),
    Permission.ADMINISTER: _grant(
        _("Administrators keep the agency's data, its lists and its catalog."), Role.ADMINISTRATOR
    ),
    Permission.PEOPLE: _grant(_("Administrators keep agency accounts, two for each change."), Role.ADMINISTRATOR),
}


def has(role: str, permission: Permission) -> bool:
    """Return whether the role has the permission."""
    return role in permission.roles


def demand(by: "User", *permissions: Permission, subject: tuple[str, str] | None = None) -> None:
    """Raise Refused unless the account is active and has one of the permissions."""
    if not (by.is_active and any(has(by.role, each) for each in permissions)):
        raise Refused(" ".join(each.sentence for each in permissions), subject=subject)
