from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from audit.ledger.alarms import AlarmKind, open_alarms
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts import selectors
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist.sources import Source, Telling, WorkItem

TOLD_BEFORE = timedelta(days=1)
SUSPENSION_TOLD_BEFORE = timedelta(hours=3)


def alarms(_user: User) -> list[WorkItem]:
    return [
        WorkItem(_("Alarm"), "bad", str(AlarmKind(each.kind).sentence), reverse("audit_alarm", args=[each.pk]))
        for each in open_alarms()
    ]


def changes(user: User) -> list[WorkItem]:
    return [
        WorkItem(
            _("To approve"),
            "warn",
            _("Agency account · %(change)s") % {"change": each.get_kind_display()},
            reverse("people"),
            due=each.expires_at,
            at_due=_("ends in %(time)s"),
            about=each.subject,
        )
        for each in selectors.to_approve(user)
    ]


def suspended(user: User) -> list[WorkItem]:
    keeps = has(user.role, Permission.PEOPLE)
    return [
        WorkItem(
            _("Suspended"),
            "warn",
            _("%(person)s waits for another administrator") % {"person": each.account.pseudonym},
            reverse("people") if keeps else reverse("audit"),
            due=each.expires_at,
            at_due=_("comes back in %(time)s"),
            about=None if each.suspended_by_id == user.pk else each.subject,
        )
        for each in selectors.open_suspensions()
    ]


SOURCES = (
    Source(name="alarms", permission=Permission.AUDIT, find=alarms),
    Source(name="suspensions_seen", permission=Permission.AUDIT, find=suspended),
    Source(
        name="suspensions",
        permission=Permission.PEOPLE,
        find=suspended,
        telling=Telling(
            words=ngettext_lazy(
                "A suspended account waits for a second administrator.",
                "%(number)d suspended accounts wait for a second administrator.",
                "number",
            ),
            waits=lambda: selectors.open_suspensions().exists(),
            at_once=False,
            before=SUSPENSION_TOLD_BEFORE,
        ),
    ),
    Source(
        name="role_changes",
        permission=Permission.PEOPLE,
        find=changes,
        telling=Telling(
            words=ngettext_lazy(
                "A change to an agency account waits for a second administrator.",
                "%(number)d changes to agency accounts wait for a second administrator.",
                "number",
            ),
            waits=lambda: selectors.proposed_changes().exists(),
            before=TOLD_BEFORE,
        ),
    ),
)
