"""The messages of this app: what their templates need, made when they are rendered."""

from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audit.ledger.alarms import AlarmKind
from fusus_portal.ground.accounts.invitation_links import token_of
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.states import RoleChangeKind
from fusus_portal.ground.notifications import kinds
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context, MessageKind

CHANGES = {
    RoleChangeKind.CHANGE_ROLE: _("Your role is now %(role)s."),
    RoleChangeKind.RELEASE: _("Your account is no longer locked. You can sign in."),
    RoleChangeKind.RESET_FACTORS: _(
        "Your passkeys and code apps were removed. You set up a new one when you next sign in."
    ),
    RoleChangeKind.DISABLE: _("Your account was disabled. You can't sign in."),
    RoleChangeKind.ENABLE: _("Your account works again. You can sign in."),
}
"""What happened, as the person concerned reads it."""


def register() -> None:
    """Register the builders of our kinds."""
    kinds.register(MessageKind.INVITATION, _invitation)
    kinds.register(MessageKind.ROLE_NOTICE, _role_notice)
    kinds.register(MessageKind.ACCOUNT_LOCKED, _account_locked)
    kinds.register(MessageKind.LEDGER_ALARM, _ledger_alarm)
    kinds.register(MessageKind.LOG_REPORT, _log_report)


def _invitation(context: Context) -> Mapping[str, object]:
    return {
        "role": Role(str(context["role"])).label,
        "link": invitation_address(str(context["change"])),
        "expires_at": datetime.fromisoformat(str(context["expires_at"])),
    }


def invitation_address(change_id: str) -> str:
    """Return the whole address of an invitation's page."""
    return absolute(reverse("invitation", args=[token_of(change_id)]))


def _role_notice(context: Context) -> Mapping[str, object]:
    role = str(context["role"])
    label = Role(role).label if role else ""
    return {"change": CHANGES[RoleChangeKind(str(context["kind"]))] % {"role": label}}


def _account_locked(context: Context) -> Mapping[str, object]:
    return {"locked_at": datetime.fromisoformat(str(context["locked_at"]))}


def _ledger_alarm(context: Context) -> Mapping[str, object]:
    found = [str(AlarmKind(kind).sentence) for kind in str(context["kinds"]).split()]
    return {"alarms": found, "link": absolute(reverse("audit_alarms")) if context["role"] == Role.AUDITOR else ""}


def _log_report(context: Context) -> Mapping[str, object]:
    """Context: search (the number of the saved one), first, last (days): the link has these, and no word of it."""
    days = {"since": str(context["first"]), "until": str(context["last"])}
    link = absolute(f"{reverse('audit_filter', args=[context['search']])}?{urlencode(days)}")
    first, last = (date.fromisoformat(day) for day in days.values())
    return {"first": first, "last": last, "link": link}
