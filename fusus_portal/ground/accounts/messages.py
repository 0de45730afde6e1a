"""The messages about accounts, alarms and saved searches. Built when they are rendered, so that no link is stored."""

from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from audit.ledger.alarms import AlarmKind
from fusus_portal.ground.accounts.models import Suspension
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.selectors import invitation_token
from fusus_portal.ground.accounts.sign_in import tries as sign_in
from fusus_portal.ground.accounts.states import RoleChangeKind, SuspensionState
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import AgencyKind, Context, MessageKind, PublicKind

CHANGES = {
    RoleChangeKind.CHANGE_ROLE: _("Your role is now %(role)s."),
    RoleChangeKind.RELEASE: _("Your account is no longer locked. You can sign in."),
    RoleChangeKind.RESET_FACTORS: _(
        "Your passkeys and code apps were removed. You set up a new one when you next sign in."
    ),
    RoleChangeKind.DISABLE: _("Your account was disabled. You can't sign in."),
    RoleChangeKind.ENABLE: _("Your account works again. You can sign in."),
}

SUSPENDED = {
    SuspensionState.SUSPENDED: (
        _("%(person)s is suspended"),
        _(
            "%(first)s suspended this account at once. If another administrator confirms it before %(until)s, the "
            "account stays disabled until two administrators enable it. Otherwise it comes back then, without "
            "password, passkeys and code apps."
        ),
    ),
    SuspensionState.CONFIRMED: (
        _("The suspension of %(person)s is confirmed"),
        _("%(second)s confirmed it. The account stays disabled until two administrators enable it."),
    ),
    SuspensionState.ENDED: (
        _("The account of %(person)s is back"),
        _(
            "Nobody confirmed within a day that it stays suspended. Its holder chooses a new password and sets up a "
            "new passkey or code app. Should the account still be stolen, suspend it again, and confirm it."
        ),
    ),
}
"""Headline and news by state of a suspension, for administrators and auditors."""

OWN_SUSPENSION = {
    SuspensionState.SUSPENDED: (
        _("Your account is suspended"),
        _(
            "Your account was suspended, because somebody else may be using it. You can't sign in. Your password, "
            "passkeys and code apps no longer work, and won't work again."
        ),
    ),
    SuspensionState.CONFIRMED: (
        _("Your account stays suspended"),
        _("The suspension was confirmed. You can't sign in until two administrators enable your account."),
    ),
    SuspensionState.ENDED: (
        _("Your account is back"),
        _(
            "Nobody confirmed within a day that it stays suspended. Choose a new password. Then sign in with it, and "
            "set up a passkey or a code app."
        ),
    ),
}
"""Headline and news by state of a suspension, for the account's holder."""


class InvitationMessage(AgencyKind, kind=MessageKind.INVITATION):
    purpose = _("Invites one person to open the agency account that two administrators agreed to.")
    subject = _("Invitation to the %(short_name)s camera portal, number %(number)s")
    needs = "role link expires_at"
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: change (id), role, expires_at (ISO 8601)."""
        return {
            "role": Role(str(context["role"])).label,
            "link": invitation_address(str(context["change"])),
            "expires_at": datetime.fromisoformat(str(context["expires_at"])),
        }


class RoleNoticeMessage(AgencyKind, kind=MessageKind.ROLE_NOTICE):
    purpose = _("Tells a person of the agency that a role was given, changed or taken away.")
    subject = _("Your role in the %(short_name)s camera portal changed, notice %(number)s")
    needs = "change"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: kind (of the change), role (the new one, or "")."""
        role = str(context["role"])
        label = Role(role).label if role else ""
        return {"change": CHANGES[RoleChangeKind(str(context["kind"]))] % {"role": label}}


class SignInCodeMessage(PublicKind, kind=MessageKind.SIGN_IN_CODE):
    purpose = _("Gives a person the code for a sign-in, while somebody is trying passwords for the account.")
    subject = _("Your code to sign in to %(short_name)s, notice %(number)s")
    needs = "code minutes password_link"
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: seed (of the code). password_link: the page to choose a new password."""
        code = sign_in.code_of(str(context["seed"]))
        link = absolute(reverse("account_reset_password"))
        return {"code": code, "minutes": sign_in.MINUTES, "password_link": link}


class AccountLockedMessage(AgencyKind, kind=MessageKind.ACCOUNT_LOCKED):
    purpose = _("Tells the holder of an agency account that it was locked, and how it is released.")
    subject = _("Your %(short_name)s camera portal account is locked, notice %(number)s")
    needs = "locked_at"
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: locked_at (ISO 8601)."""
        return {"locked_at": datetime.fromisoformat(str(context["locked_at"]))}


class SuspensionMessage(AgencyKind, kind=MessageKind.SUSPENSION):
    purpose = _("Tells administrators and auditors at that moment that an account was suspended, and what came of it.")
    subject = _("%(headline)s: %(short_name)s camera portal, notice %(number)s")
    needs = "headline news link"
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: suspension (id), step (the state it reached), role of the reader."""
        people = Suspension.objects.select_related("account", "suspended_by", "confirmed_by")
        suspension = people.get(pk=str(context["suspension"]))
        headline, news = SUSPENDED[SuspensionState(str(context["step"]))]
        operator, until = _("the operator at the server"), timezone.localtime(suspension.expires_at)
        words = {
            "person": suspension.account.pseudonym,
            "first": suspension.suspended_by.pseudonym if suspension.suspended_by else operator,
            "second": suspension.confirmed_by.pseudonym if suspension.confirmed_by else operator,
            "until": f"{date_format(until, 'DATETIME_FORMAT')} {until:%Z}",
        }
        page = reverse("people") if context["role"] == Role.ADMINISTRATOR else reverse("console")
        return {"headline": headline % words, "news": capfirst(news % words), "link": absolute(page)}


class SuspensionNoticeMessage(AgencyKind, kind=MessageKind.SUSPENSION_NOTICE):
    purpose = _("Tells the holder of an agency account that it was suspended, and what came of it.")
    subject = _("%(headline)s: %(short_name)s camera portal, notice %(number)s")
    needs = "headline news link"
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: suspension (id), step. link: the page to choose a password, "" while the account can't be used."""
        step = SuspensionState(str(context["step"]))
        headline, news = OWN_SUSPENSION[step]
        page = absolute(reverse("account_reset_password")) if step == SuspensionState.ENDED else ""
        return {"headline": str(headline), "news": str(news), "link": page}


class LedgerAlarmMessage(AgencyKind, kind=MessageKind.LEDGER_ALARM):
    purpose = _("Tells auditors and administrators that something is wrong with the audit log. Names nobody.")
    subject = _("Alarm of the audit log, notice %(number)s")
    needs = "alarms link"
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: kinds (of alarms, between spaces), role of the reader: only auditors get a link to the alarms."""
        found = [str(AlarmKind(kind).sentence) for kind in str(context["kinds"]).split()]
        return {"alarms": found, "link": absolute(reverse("audit_alarms")) if context["role"] == Role.AUDITOR else ""}


class LogReportMessage(AgencyKind, kind=MessageKind.LOG_REPORT):
    purpose = _(
        "Gives an auditor the link to a search that they saved, each day or week. Says nothing of what is in it."
    )
    subject = _("Your search of the audit log, notice %(number)s")
    needs = "first last link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: search (id of the saved one), first and last (days). The link has these, and no searched word."""
        days = {"since": str(context["first"]), "until": str(context["last"])}
        link = absolute(f"{reverse('audit_filter', args=[context['search']])}?{urlencode(days)}")
        first, last = (date.fromisoformat(day) for day in days.values())
        return {"first": first, "last": last, "link": link}


def invitation_address(change_id: str) -> str:
    return absolute(reverse("invitation", args=[invitation_token(change_id)]))
