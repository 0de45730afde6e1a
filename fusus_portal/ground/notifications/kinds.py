"""Kinds of messages, a closed list: no kind tells how an incident ended. Uses and variables: `terms`."""

from collections.abc import Callable, Mapping

from django.core.exceptions import ImproperlyConfigured
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

Context = Mapping[str, str | int]
"""Stored with a message: ids, names and numbers. Never a token, a link or a secret."""

Builder = Callable[[Context], Mapping[str, object]]
"""Builds a template's variables from the stored context, in the message's language, on rendering."""


class MessageKind(TextChoices):
    INVITATION = "invitation", _("Invitation to an agency account")
    ROLE_NOTICE = "role_notice", _("Notice about an agency role")
    SIGN_IN_CODE = "sign_in_code", _("Code to sign in")
    ACCOUNT_LOCKED = "account_locked", _("An agency account was locked")
    SUSPENSION = "suspension", _("An agency account was suspended")
    SUSPENSION_NOTICE = "suspension_notice", _("One's own agency account was suspended")
    REGISTRATION_CONFIRMED = "registration_confirmed", _("Registration confirmed")
    REGISTRATION_ENDED = "registration_ended", _("Registration ended")
    REGISTRATION_IMPORTED = "registration_imported", _("Registration brought from a former registry")
    IMPORT_INVITATION = "import_invitation", _("Invitation to register")
    REGISTRATION_UNFINISHED = "registration_unfinished", _("Unfinished registration")
    OUTREACH_REPORT = "outreach_report", _("Outreach to other counties")
    FOOTAGE_REQUEST = "footage_request", _("Footage request")
    FOOTAGE_REMINDER = "footage_reminder", _("Reminder of a footage request")
    FOOTAGE_RECEIVED = "footage_received", _("Footage received")
    FOOTAGE_ENDING = "footage_ending", _("Footage will be deleted")
    FOOTAGE_DELETED = "footage_deleted", _("Footage was deleted")
    REQUEST_WITHDRAWN = "request_withdrawn", _("Footage request withdrawn")
    LOOKS_DIGEST = "looks_digest", _("Searches that found a camera")
    FOOTAGE_LOOKED_AT = "footage_looked_at", _("Given footage was looked at")
    MONTH_SUMMARY = "month_summary", _("Summary of who looked in a month")
    FOOTAGE_REPLY = "footage_reply", _("Reply to a footage request")
    CANVASS_TO_APPROVE = "canvass_to_approve", _("A canvass waits for approval")
    INCIDENT_JOINED = "incident_joined", _("A deputy was let join an incident")
    LEDGER_ALARM = "ledger_alarm", _("An alarm of the audit log")
    REVIEW_QUESTION = "review_question", _("A question of the weekly review")
    REVIEW_OVERDUE = "review_overdue", _("A weekly review is overdue")
    REVIEW_BLOCKED = "review_blocked", _("No auditor may review a card")
    CORE_OFFLINE = "core_offline", _("A CORE is offline")
    CORE_ONLINE = "core_online", _("A CORE is back")
    CORE_NOTICE = "core_notice", _("A CORE has something to tell its owner")
    SHARING_ENDING = "sharing_ending", _("A sharing agreement ends soon")
    SHARING_ENDED = "sharing_ended", _("A sharing agreement has ended")
    LIVE_VIEWED = "live_viewed", _("A camera was viewed live")
    WATCH_FLAGGED = "watch_flagged", _("Live view was used a lot")
    GLASS_ASKED = "glass_asked", _("Somebody asks to break the glass")
    GLASS_BROKEN = "glass_broken", _("The glass was broken")
    GLASS_OVERDUE = "glass_overdue", _("Broken glass without a justification")
    CRITICAL_LOOK = "critical_look", _("A declaration asks for a second look")
    ORDER_CONFIRMED = "order_confirmed", _("An order is confirmed")
    ORDER_REFUSED = "order_refused", _("A purchase order was declined")
    ORDER_REFUND = "order_refund", _("Money goes back")
    ORDER_SHIPPED = "order_shipped", _("A parcel is on its way")
    ORDER_DELAYED = "order_delayed", _("An order is late")
    PAYMENT_FAILED = "payment_failed", _("A payment failed")
    INVOICE_DUE = "invoice_due", _("An invoice is due")
    RETURN_PROGRESS = "return_progress", _("News of a return")
    CLAIM_PROGRESS = "claim_progress", _("News of a warranty claim")
    RENEWAL_ANNOUNCED = "renewal_announced", _("The next year of a CORE is announced")
    RENEWAL_REMINDED = "renewal_reminded", _("The next year of a CORE begins soon")
    RENEWAL_PAID = "renewal_paid", _("The next year of a CORE is paid")
    RENEWAL_FAILED = "renewal_failed", _("The next year of a CORE could not be charged")
    RENEWAL_LAPSED = "renewal_lapsed", _("A CORE was stopped because nobody paid its year")
    TEXT_CODE = "text_code", _("Code for a phone number")
    TEXTS_ON = "texts_on", _("Text messages are on")
    LOG_REPORT = "log_report", _("A saved search of the audit log")
    WORDS_CHANGE = "words_change", _("Words on which people rely will change")
    WORK_WAITS = "work_waits", _("Something waits for you in the portal")


_builders: dict[MessageKind, Builder] = {}


def register(kind: MessageKind, builder: Builder) -> None:
    known = _builders.setdefault(kind, builder)
    if known is not builder:
        raise ImproperlyConfigured(f"two builders for messages of kind {kind.value!r}")


def builder_of(kind: MessageKind) -> Builder:
    try:
        return _builders[kind]
    except KeyError:
        raise ImproperlyConfigured(f"no builder for messages of kind {kind.value!r}") from None


def registered() -> frozenset[MessageKind]:
    return frozenset(_builders)
