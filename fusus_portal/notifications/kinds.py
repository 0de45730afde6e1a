"""The closed list of messages that the portal can send.

None carries how an incident ended: there is no kind for it, and no template has a variable for it.
What a template needs is named here; the app that knows it registers a builder in `AppConfig.ready`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ImproperlyConfigured
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Context = Mapping[str, str | int]
"""What is stored with a message: ids, names and numbers. Never a token, a link or a secret."""

Builder = Callable[[Context], Mapping[str, object]]
"""Makes a template's variables from a stored context, in the message's language, when it is rendered."""


class MessageKind(TextChoices):
    """Everything that the portal can say by mail."""

    INVITATION = "invitation", _("Invitation to an agency account")
    ROLE_NOTICE = "role_notice", _("Notice about an agency role")
    ACCOUNT_LOCKED = "account_locked", _("An agency account was locked")
    REGISTRATION_CONFIRMED = "registration_confirmed", _("Registration confirmed")
    REGISTRATION_ENDED = "registration_ended", _("Registration ended")
    REGISTRATION_IMPORTED = "registration_imported", _("Registration brought from a former registry")
    IMPORT_INVITATION = "import_invitation", _("Invitation to register")
    REGISTRATION_UNFINISHED = "registration_unfinished", _("Registration to go on with")
    OUTREACH_REPORT = "outreach_report", _("Outreach to other counties")
    FOOTAGE_REQUEST = "footage_request", _("Footage request")
    FOOTAGE_REMINDER = "footage_reminder", _("Reminder of a footage request")
    FOOTAGE_RECEIVED = "footage_received", _("Footage received")
    FOOTAGE_ENDING = "footage_ending", _("Footage will be deleted")
    FOOTAGE_DELETED = "footage_deleted", _("Footage was deleted")
    REQUEST_WITHDRAWN = "request_withdrawn", _("Footage request withdrawn")
    LOOKS_DIGEST = "looks_digest", _("Searches that found a camera")
    FOOTAGE_LOOKED_AT = "footage_looked_at", _("Given footage was looked at")
    FOOTAGE_REPLY = "footage_reply", _("Reply to a footage request")
    CANVASS_TO_APPROVE = "canvass_to_approve", _("A canvass waits for approval")
    LEDGER_ALARM = "ledger_alarm", _("An alarm of the audit log")
    CORE_OFFLINE = "core_offline", _("A CORE is offline")
    CORE_ONLINE = "core_online", _("A CORE is back")
    SHARING_ENDING = "sharing_ending", _("A sharing agreement ends soon")
    SHARING_ENDED = "sharing_ended", _("A sharing agreement has ended")
    LIVE_VIEWED = "live_viewed", _("A camera was viewed live")
    WATCH_FLAGGED = "watch_flagged", _("Live view was used much")
    GLASS_OVERDUE = "glass_overdue", _("Broken glass without a justification")
    CRITICAL_LOOK = "critical_look", _("A declaration asks for a second look")
    ORDER_CONFIRMED = "order_confirmed", _("An order is confirmed")
    ORDER_REFUSED = "order_refused", _("A purchase order was declined")
    ORDER_REFUND = "order_refund", _("Money goes back")
    ORDER_SHIPPED = "order_shipped", _("A parcel is on its way")
    ORDER_DELAYED = "order_delayed", _("An order is late")
    PAYMENT_FAILED = "payment_failed", _("A payment failed")
    INVOICE_DUE = "invoice_due", _("An invoice is due")
    RETURN_PROGRESS = "return_progress", _("A return went on")
    CLAIM_PROGRESS = "claim_progress", _("A warranty claim went on")
    RENEWAL_ANNOUNCED = "renewal_announced", _("The next year of a CORE is announced")
    RENEWAL_REMINDED = "renewal_reminded", _("The next year of a CORE begins soon")
    RENEWAL_PAID = "renewal_paid", _("The next year of a CORE is paid")
    RENEWAL_FAILED = "renewal_failed", _("The next year of a CORE could not be charged")
    RENEWAL_LAPSED = "renewal_lapsed", _("A CORE was stopped because nobody paid its year")


class Audience(StrEnum):
    """Who reads a kind of message."""

    PUBLIC = "public"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class KindTerms:
    """What a kind is for, and what it may say.

    about_incident: it may name an incident's number, type, place and window.
    variables: what the templates need besides `agency`, `number` and `language`.
    """

    purpose: str | Promise
    audience: Audience
    about_incident: bool
    variables: frozenset[str]


ASKED = frozenset(
    {
        "incident_number",
        "incident_type",
        "purpose",
        "place",
        "starts_at",
        "ends_at",
        "cameras",
        "deputy",
        "call_back_number",
        "link",
        "expires_at",
    }
)
"""What a request says, and so what its reminder says again."""

LOOKS = frozenset({"lines", "later", "more", "since", "until", "link", "settings_link", "unsubscribe"})
"""What tells an owner who looked: pseudonyms, times, incident numbers. unsubscribe: for the mail's header."""


def _to_buyers(purpose: str | Promise, variables: str = "") -> KindTerms:
    return KindTerms(purpose, Audience.PUBLIC, about_incident=False, variables=frozenset({*variables.split(), "link"}))


KINDS: dict[MessageKind, KindTerms] = {
    MessageKind.INVITATION: KindTerms(
        _("Invites one person to open the agency account that two administrators agreed to."),
        Audience.AGENCY,
        about_incident=False,
        variables=frozenset({"role", "link", "expires_at"}),
    ),
    MessageKind.ROLE_NOTICE: KindTerms(
        _("Tells a person of the agency that a role was given, changed or taken away."),
        Audience.AGENCY,
        about_incident=False,
        variables=frozenset({"change"}),
    ),
    MessageKind.ACCOUNT_LOCKED: KindTerms(
        _("Tells the holder of an agency account that it was locked, and how it is released."),
        Audience.AGENCY,
        about_incident=False,
        variables=frozenset({"locked_at"}),
    ),
    MessageKind.REGISTRATION_CONFIRMED: KindTerms(
        _("Confirms a registration, and says how to change it or leave."),
        Audience.PUBLIC,
        about_incident=False,
        variables=frozenset({"cameras", "link"}),
    ),
    MessageKind.REGISTRATION_ENDED: KindTerms(
        _("Tells a person who left what was deleted, what is kept, why and until when."),
        Audience.PUBLIC,
        about_incident=False,
        variables=frozenset({"deleted", "kept", "elsewhere"}),
    ),
    MessageKind.REGISTRATION_UNFINISHED: KindTerms(
        _("Says once, after a day, that a registration that was begun can be gone on with."),
        Audience.PUBLIC,
        about_incident=False,
        variables=frozenset({"begun_at", "kept_until", "link"}),
    ),
    MessageKind.OUTREACH_REPORT: KindTerms(
        _("Tells the platform's contact every week how many people asked for a registry in each county. Names nobody."),
        Audience.AGENCY,
        about_incident=False,
        variables=frozenset({"counties", "total"}),
    ),
    MessageKind.REGISTRATION_IMPORTED: KindTerms(
        _("Tells a person that the office brought their registration along, and how to take it over or leave."),
        Audience.PUBLIC,
        about_incident=False,
        variables=frozenset({"cameras", "consent_on", "link"}),
    ),
    MessageKind.IMPORT_INVITATION: KindTerms(
        _("Asks a person of the office's former list once whether they want to register, or to be deleted."),
        Audience.PUBLIC,
        about_incident=False,
        variables=frozenset({"link", "no_link", "until"}),
    ),
    MessageKind.FOOTAGE_REQUEST: KindTerms(
        _("Asks the owner of registered cameras for footage of one incident."),
        Audience.PUBLIC,
        about_incident=True,
        variables=ASKED | {"receipt"},
    ),
    MessageKind.FOOTAGE_REMINDER: KindTerms(
        _("Reminds the owner of a request that waits for an answer. At most two go out, and none after any answer."),
        Audience.PUBLIC,
        about_incident=True,
        variables=ASKED | {"asked_at", "is_last"},
    ),
    MessageKind.FOOTAGE_RECEIVED: KindTerms(
        _("Tells the giver which files arrived, with the proof of each, and until when they are kept."),
        Audience.PUBLIC,
        about_incident=True,
        variables=frozenset({"incident_number", "files", "kept_until", "call_back_number", "deputy", "receipt"}),
    ),
    MessageKind.FOOTAGE_ENDING: KindTerms(
        _("Tells the giver ahead of time on which day footage is deleted."),
        Audience.PUBLIC,
        about_incident=True,
        variables=frozenset({"incident_number", "files", "day", "link"}),
    ),
    MessageKind.FOOTAGE_DELETED: KindTerms(
        _("Tells the giver that footage was deleted because the time to keep it was over."),
        Audience.PUBLIC,
        about_incident=True,
        variables=frozenset({"incident_number", "files", "link", "receipt"}),
    ),
    MessageKind.REQUEST_WITHDRAWN: KindTerms(
        _("Tells the owner that a request needs no answer any more."),
        Audience.PUBLIC,
        about_incident=True,
        variables=frozenset({"incident_number", "call_back_number", "deputy"}),
    ),
    MessageKind.LOOKS_DIGEST: KindTerms(
        _("Tells the owner of cameras who searched and found them, as often as the owner chose."),
        Audience.PUBLIC,
        about_incident=True,
        variables=LOOKS,
    ),
    MessageKind.FOOTAGE_LOOKED_AT: KindTerms(
        _("Tells the giver of footage that it was played or downloaded, as often as the giver chose."),
        Audience.PUBLIC,
        about_incident=True,
        variables=LOOKS,
    ),
    MessageKind.FOOTAGE_REPLY: KindTerms(
        _("Tells the deputy that an owner gave footage or has none. Nothing is sent when an owner declines."),
        Audience.AGENCY,
        about_incident=True,
        variables=frozenset({"incident_number", "has_footage", "link"}),
    ),
    MessageKind.CANVASS_TO_APPROVE: KindTerms(
        _("Tells supervisors that a canvass beyond the limits waits for the word of one of them."),
        Audience.AGENCY,
        about_incident=True,
        variables=frozenset({"incident_number", "deputy", "link"}),
    ),
    MessageKind.LEDGER_ALARM: KindTerms(
        _("Tells auditors and administrators that something is wrong with the audit log. Names nobody."),
        Audience.AGENCY,
        about_incident=False,
        variables=frozenset({"alarms", "link"}),
    ),
    MessageKind.CORE_OFFLINE: KindTerms(
        _("Tells a business that its CORE was not heard of for 15 minutes, once."),
        Audience.PUBLIC,
        about_incident=False,
        variables=frozenset({"seen_at", "link"}),
    ),
    MessageKind.CORE_ONLINE: KindTerms(
        _("Tells a business that its CORE was heard of again."),
        Audience.PUBLIC,
        about_incident=False,
        variables=frozenset({"seen_at", "link"}),
    ),
    MessageKind.SHARING_ENDING: KindTerms(
        _("Tells a business ahead of time on which day its sharing agreement ends, and how to renew it."),
        Audience.PUBLIC,
        about_incident=False,
        variables=frozenset({"day", "link"}),
    ),
    MessageKind.SHARING_ENDED: KindTerms(
        _("Tells a business that its sharing agreement has ended and nothing is shared any more."),
        Audience.PUBLIC,
        about_incident=False,
        variables=frozenset({"day", "link"}),
    ),
    MessageKind.LIVE_VIEWED: KindTerms(
        _("Tells the owner of a connected camera after each live view who saw it, when, how long, and what for."),
        Audience.PUBLIC,
        about_incident=True,
        variables=frozenset(
            {"incident_number", "deputy", "camera", "began_at", "minutes", "stopped", "link", "withheld"}
        ),
    ),
    MessageKind.WATCH_FLAGGED: KindTerms(
        _("Tells supervisors and auditors that a camera or an area was viewed live far more than usual. Names nobody."),
        Audience.AGENCY,
        about_incident=False,
        variables=frozenset({"what", "link"}),
    ),
    MessageKind.GLASS_OVERDUE: KindTerms(
        _("Tells supervisors, administrators and auditors that nobody wrote within a week why the glass was broken."),
        Audience.AGENCY,
        about_incident=True,
        variables=frozenset({"incident_number", "broken_at", "first", "second", "link"}),
    ),
    MessageKind.CRITICAL_LOOK: KindTerms(
        _("Asks the other supervisors to look at broken glass, or at a declaration that one of them must confirm."),
        Audience.AGENCY,
        about_incident=True,
        variables=frozenset({"incident_number", "is_broken", "first", "second", "until", "link"}),
    ),
    MessageKind.ORDER_CONFIRMED: _to_buyers(
        _("Confirms an order, with what it costs and what was agreed to."),
        "lines total invoice invoice_link due_on consent",
    ),
    MessageKind.ORDER_REFUSED: _to_buyers(_("Tells a business why its purchase order was declined."), "reason"),
    MessageKind.ORDER_REFUND: _to_buyers(
        _("Tells a business that money goes back, and why."), "amount source note note_link"
    ),
    MessageKind.ORDER_SHIPPED: _to_buyers(
        _("Tells a business that a parcel is on its way, with the number to follow it by."), "carrier tracking has_core"
    ),
    MessageKind.ORDER_DELAYED: _to_buyers(
        _("Asks a business whether it waits for an order that is late, or wants its money back."), "day"
    ),
    MessageKind.INVOICE_DUE: _to_buyers(
        _("Reminds a business of an invoice on account: once before its day, and three times after it."),
        "invoice invoice_link amount due_on is_late",
    ),
    MessageKind.RETURN_PROGRESS: _to_buyers(
        _("Tells a business how far the return of its CORE is, what goes back for it and by which day."),
        "state serial expected age_off fee_back parts_off refund reason carrier tracking inspected_on paid_on",
    ),
    MessageKind.CLAIM_PROGRESS: _to_buyers(
        _("Tells a business what becomes of a CORE that does not work, and by when the old one is due."),
        "state serial next_words reason amount invoice invoice_link",
    ),
    MessageKind.PAYMENT_FAILED: _to_buyers(
        _("Tells a business that a payment did not go through, and how to try again.")
    ),
    MessageKind.RENEWAL_ANNOUNCED: _to_buyers(
        _("Tells a business 30 days ahead what the next year of its CORE costs, when, and how to cancel."),
        "serial amount day until has_card cancel_link card_link",
    ),
    MessageKind.RENEWAL_REMINDED: _to_buyers(
        _("Tells a business 7 days ahead once more what the next year of its CORE costs, and how to cancel."),
        "serial amount day until has_card cancel_link card_link",
    ),
    MessageKind.RENEWAL_PAID: _to_buyers(
        _("Tells a business that the next year of its CORE is paid, with the invoice."),
        "serial amount until invoice invoice_link due_on",
    ),
    MessageKind.RENEWAL_FAILED: _to_buyers(
        _("Tells a business why the next year of its CORE could not be charged, and how it can be paid."),
        "serial amount why next_try stops_on cancel_link card_link",
    ),
    MessageKind.RENEWAL_LAPSED: _to_buyers(
        _("Tells a business that its CORE was stopped because nobody paid its year, and how it works again."), "serial"
    ),
}

_builders: dict[MessageKind, Builder] = {}


def register(kind: MessageKind, builder: Builder) -> None:
    """Register the builder of a kind's template variables. Called once for each kind, in `AppConfig.ready`."""
    known = _builders.setdefault(kind, builder)
    if known is not builder:
        raise ImproperlyConfigured(f"two builders for messages of kind {kind.value!r}")


def builder_of(kind: MessageKind) -> Builder:
    """Return the builder of `kind`. Raises ImproperlyConfigured when no app registered one."""
    try:
        return _builders[kind]
    except KeyError:
        raise ImproperlyConfigured(f"no builder for messages of kind {kind.value!r}") from None


def registered() -> frozenset[MessageKind]:
    """Return the kinds that have a builder."""
    return frozenset(_builders)
