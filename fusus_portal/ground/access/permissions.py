from enum import Enum
from typing import TYPE_CHECKING, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.roles import AGENCY_ROLES, PUBLIC_ROLES, Role
from fusus_portal.ground.lifecycle import Refused

if TYPE_CHECKING:
    from fusus_portal.ground.accounts.models import User


class Permission(Enum):
    """A permission for pages, acts and steps of state. roles: who has it. allows: the sentence that a refusal shows."""

    roles: frozenset[str]
    allows: str | Promise

    OWN_ACCOUNT = (_("Everyone who is signed in keeps their own account."), *Role)
    OWN_ADDRESS = (
        _("An agency address changes by a new invitation: ask an administrator."),
        *PUBLIC_ROLES,
    )
    OWN_REGISTRATION = (_("Residents and businesses keep their own registration and answer requests."), *PUBLIC_ROLES)
    OWN_ORDERS = (_("Businesses buy COREs and see their own orders."), Role.BUSINESS)
    OWN_DEVICES = (_("Businesses keep their own COREs and say when their cameras may be seen."), Role.BUSINESS)
    SEE_CONSOLE = (_("Everyone who works for the agency sees the console."), *AGENCY_ROLES)
    FIND_BY_NUMBER = (
        _("People of the agency find things by their numbers; reviewers from outside do not."),
        *(AGENCY_ROLES - {Role.REVIEWER}),
    )
    OPEN_INCIDENT = (_("Deputies and supervisors open incidents and work on them."), Role.DEPUTY, Role.SUPERVISOR)
    ASK_TO_JOIN = (
        _("Deputies ask to join an incident. Supervisors see every incident, and assign people."),
        Role.DEPUTY,
    )
    VERIFY_INCIDENT = (
        _("Supervisors verify incidents, assign people to them, and settle what dispatch reports."),
        Role.SUPERVISOR,
    )
    IMPORT_DISPATCH = (
        _("Supervisors and administrators import files from dispatch."),
        Role.SUPERVISOR,
        Role.ADMINISTRATOR,
    )
    CANVASS = (_("Deputies and supervisors search an area and ask for footage."), Role.DEPUTY, Role.SUPERVISOR)
    APPROVE_CANVASS = (_("Supervisors approve canvasses that go beyond the limits."), Role.SUPERVISOR)
    DELAY_LOOKS = (_("Supervisors delay what an owner can read of who looked."), Role.SUPERVISOR)
    VIEW_EVIDENCE = (
        _("Deputies and supervisors play and download footage that owners gave."),
        Role.DEPUTY,
        Role.SUPERVISOR,
    )
    KEEP_EVIDENCE = (_("Supervisors decide how long footage is kept, and place legal holds."), Role.SUPERVISOR)
    DECLARE = (_("Supervisors declare an incident critical."), Role.SUPERVISOR)
    VIEW_LIVE = (
        _("Deputies and supervisors see connected cameras live, while the gate is open."),
        Role.DEPUTY,
        Role.SUPERVISOR,
    )
    OVERSEE_LIVE = (_("Supervisors see who views cameras live, and end such a view."), Role.SUPERVISOR)
    SEE_COVERAGE = (
        _("Supervisors and administrators see how far the registry reaches."),
        Role.SUPERVISOR,
        Role.ADMINISTRATOR,
    )
    FULFILMENT = (_("Clerks run the shop: orders, payments, parcels, COREs and returns."), Role.CLERK)
    SEND_LETTERS = (_("Clerks print and send the letters that confirm places."), Role.CLERK)
    GIVE_BACK = (
        _("Clerks and administrators give refunds. A large one, or one for a returned CORE, takes two people."),
        Role.CLERK,
        Role.ADMINISTRATOR,
    )
    READ_BOOKS = (
        _("Clerks, supervisors, auditors and administrators read and download the books of the shop."),
        Role.CLERK,
        Role.SUPERVISOR,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    )
    AUDIT = (_("Auditors read the log."), Role.AUDITOR)
    REVIEW = (
        _("Auditors and reviewers from outside read the weekly review, and make findings."),
        Role.AUDITOR,
        Role.REVIEWER,
    )
    WANT_EXPLANATION = (_("Reviewers from outside say which cards they want explained."), Role.REVIEWER)
    ANSWER_QUESTIONS = (
        _("Everyone who acts for the agency answers what its auditors ask."),
        Role.DEPUTY,
        Role.SUPERVISOR,
        Role.CLERK,
        Role.ADMINISTRATOR,
    )
    ADMINISTER = (_("Administrators keep the agency's data, its lists and its catalog."), Role.ADMINISTRATOR)
    RELEASE_FIGURES = (_("Administrators review and release the public figures."), Role.ADMINISTRATOR)
    WRITE_ANNUAL_REPORT = (_("Administrators write and release the annual report."), Role.ADMINISTRATOR)
    READ_ANNUAL_REPORT = (
        _("Administrators and auditors read the annual report while it is written."),
        Role.ADMINISTRATOR,
        Role.AUDITOR,
    )
    PEOPLE = (_("Administrators keep agency accounts, two for each change."), Role.ADMINISTRATOR)

    def __new__(cls, allows: str | Promise, *roles: Role) -> Self:
        """Give each permission a number as its value: lazy sentences can't be compared before a language is known."""
        made = object.__new__(cls)
        made._value_ = len(cls.__members__)
        made.allows, made.roles = allows, frozenset(roles)
        return made

    @property
    def sentence(self) -> str:
        return str(self.allows)


def has(role: str, permission: Permission) -> bool:
    return role in permission.roles


def demand(by: "User", *permissions: Permission, subject: tuple[str, str] | None = None) -> None:
    """Raise Refused unless the account is active and has one of the permissions."""
    if not (by.is_active and any(has(by.role, each) for each in permissions)):
        raise Refused(" ".join(each.sentence for each in permissions), subject=subject)
