from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext, ngettext_lazy

from audit import hooks
from audit.ledger.alarms import AlarmKind, open_alarms, teller
from fusus_portal.ground import numbers
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts import selectors
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, Role
from fusus_portal.ground.accounts.services import accounts as account_services
from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.worklist import sources
from fusus_portal.ground.worklist.sources import Source, Telling, WorkItem, link_act

CODE_LENGTH = 4
SHORTEST_NAME = 2
MOST_OF_A_NAME = 10
"""Most people that one word of the log's search may mean."""


def register() -> None:
    sources.register(*SOURCES)
    hooks.understand(people)
    hooks.understand(roles)
    hooks.name_by("account", called)
    teller.register(account_services.mail_alarms)
    hooks.pseudonyms.register(pseudonyms)
    hooks.mailer.register(account_services.mail_log_report)
    agency.register_sections(
        agency.Section(
            url_name="people",
            title=gettext_lazy("People and roles"),
            text=gettext_lazy("Accounts of this office. Each change takes two administrators."),
            group=agency.Group.OFFICE,
            place=10,
            words=gettext_lazy("accounts, users, staff, deputies, administrators, suspend, invite, password, locked"),
            note=_waiting,
        )
    )


def _waiting() -> str:
    count = selectors.open_changes().count()
    return ngettext("One change waits.", "%(number)d changes wait.", count) % {"number": count} if count else ""


def people(text: str) -> Iterable[hooks.Meaning]:
    """Return accounts for a search of the log by pseudonym, name or e-mail; public ones by e-mail only (promise R3).

    Staff are found by any whole word of their name, since a first or last name is what people remember.
    """
    if "@" in text:
        return [_account(each) for each in User.objects.filter(email=text.lower())]
    if ids := numbers.ids_of(numbers.ACCOUNT, text):
        return [_account(each) for each in User.objects.filter(pk__range=ids)]
    called_so = Q(name__iexact=text) | Q(pseudonym__iexact=text)
    if " " not in text and len(text) >= CODE_LENGTH:
        called_so |= Q(pseudonym__iendswith=f" {text}")
    if text.isalpha() and len(text) >= SHORTEST_NAME:
        called_so |= Q(name__istartswith=f"{text} ") | Q(name__icontains=f" {text} ") | Q(name__iendswith=f" {text}")
    found = User.objects.filter(called_so, role__in=AGENCY_ROLES).order_by("pseudonym")
    return [_account(each) for each in found[:MOST_OF_A_NAME]]


def _account(account: User) -> hooks.Meaning:
    number = account.pseudonym or numbers.number_of(numbers.ACCOUNT, account.pk)
    return hooks.Meaning(account.pseudonym or account.email, actors=(str(account.pk),), shared=number)


def roles(text: str) -> Iterable[hooks.Meaning]:
    """Return the role that a word names, "deputy" or "deputies", for a search of the log by who acted."""
    word = text.lower()
    return [
        hooks.Meaning(_("Role: %(role)s") % {"role": role.label}, roles=(role.value,))
        for role in Role
        if word in {role.value, f"{role.value}s", f"{role.value.removesuffix('y')}ies", str(role.label).lower()}
    ]


def pseudonyms() -> Sequence[str]:
    return list(User.objects.filter(role__in=AGENCY_ROLES).exclude(pseudonym="").values_list("pseudonym", flat=True))


def called(ids: Iterable[str]) -> Mapping[str, str]:
    """Return each account's badge pseudonym by id; "of a resident" or "of a business" for public accounts."""
    accounts = User.objects.filter(pk__in=[pk for pk in ids if hooks.is_id(pk)])
    return {str(each.pk): each.pseudonym or f"of a {each.role}" for each in accounts}


def work_alarms(_user: User) -> list[WorkItem]:
    return [
        WorkItem(_("Alarm"), "bad", str(AlarmKind(each.kind).sentence), reverse("audit_alarm", args=[each.pk]))
        for each in open_alarms()
    ]


def work_changes(user: User) -> list[WorkItem]:
    url = reverse("people")
    return [
        WorkItem(
            _("To approve"),
            "warn",
            _("Agency account · %(change)s") % {"change": each.get_kind_display()},
            url,
            due=each.expires_at,
            at_due=_("ends in %(time)s"),
            about=each.subject,
            act=link_act(_("Decide"), url, each.get_kind_display()),
        )
        for each in selectors.to_approve(user)
    ]


def work_suspended(user: User) -> list[WorkItem]:
    keeps, url = has(user.role, Permission.PEOPLE), reverse("people")
    return [
        WorkItem(
            _("Suspended"),
            "warn",
            _("%(person)s waits for another administrator") % {"person": each.account.pseudonym},
            url if keeps else reverse("audit"),
            due=each.expires_at,
            at_due=_("comes back in %(time)s"),
            about=None if each.suspended_by_id == user.pk else each.subject,
            act=link_act(_("Decide"), url, each.account.pseudonym) if keeps else None,
        )
        for each in selectors.open_suspensions()
    ]


SOURCES = (
    Source(name="alarms", permission=Permission.AUDIT, find=work_alarms),
    Source(name="suspensions_seen", permission=Permission.AUDIT, find=work_suspended),
    Source(
        name="suspensions",
        permission=Permission.PEOPLE,
        find=work_suspended,
        telling=Telling(
            words=ngettext_lazy(
                "A suspended account waits for a second administrator.",
                "%(number)d suspended accounts wait for a second administrator.",
                "number",
            ),
            waits=lambda: selectors.open_suspensions().exists(),
            at_once=False,
            before=timedelta(hours=3),
        ),
    ),
    Source(
        name="role_changes",
        permission=Permission.PEOPLE,
        find=work_changes,
        telling=Telling(
            words=ngettext_lazy(
                "A change to an agency account waits for a second administrator.",
                "%(number)d changes to agency accounts wait for a second administrator.",
                "number",
            ),
            waits=lambda: selectors.proposed_changes().exists(),
            before=timedelta(days=1),
        ),
    ),
)
