"""What each kind of message is for, who reads it, and what its templates need. None has a variable for an outcome."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.kinds import MessageKind


class Audience(StrEnum):
    """Who reads a kind of message."""

    PUBLIC = "public"
    AGENCY = "agency"


class TextWish(StrEnum):
    """What a person chooses to get as a text."""

    REQUESTS = "requests"
    LOOKS = "looks"
    CODE = "code"
    """Of a number that they typed a moment ago."""


@dataclass(frozen=True, slots=True)
class KindTerms:
    """What a kind is for, and what it may say.

    about_incident: it may name an incident's number, type, place and window; a text never does.
    variables: what the templates need besides `agency`, `number` and `language`.
    texted: which wish of a person lets it come as a text too; none for what comes by mail alone. mailed: by mail.
    """

    purpose: str | Promise
    audience: Audience
    about_incident: bool
    variables: frozenset[str]
    texted: TextWish | None = None
    mailed: bool = True


ASKED = "incident_number incident_type purpose place starts_at ends_at cameras deputy call_back_number link expires_at"
"""What a request says, and so what its reminder says again."""

LOOKS = "lines later more standing since until link settings_link unsubscribe"
"""What tells an owner who looked: pseudonyms, times, incident numbers. unsubscribe: for the mail's header."""


def _to_public(
    purpose: str | Promise, variables: str, *, about_incident: bool = False, texted: TextWish | None = None
) -> KindTerms:
    return KindTerms(purpose, Audience.PUBLIC, about_incident, frozenset(variables.split()), texted)


def _to_agency(purpose: str | Promise, variables: str, *, about_incident: bool = False) -> KindTerms:
    return KindTerms(purpose, Audience.AGENCY, about_incident, frozenset(variables.split()))


def _to_buyers(purpose: str | Promise, variables: str = "") -> KindTerms:
    return _to_public(purpose, f"{variables} link")


KINDS: dict[MessageKind, KindTerms] = {
    MessageKind.INVITATION: _to_agency(
        _("Invites one person to open the agency account that two administrators agreed to."), "role link expires_at"
    ),
    MessageKind.ROLE_NOTICE: _to_agency(
        _("Tells a person of the agency that a role was given, changed or taken away."), "change"
    ),
    MessageKind.SIGN_IN_CODE: _to_public(
        _("Gives a person the code for a sign-in, while somebody is trying passwords for the account."),
        "code minutes password_link",
    ),
    MessageKind.ACCOUNT_LOCKED: _to_agency(
        _("Tells the holder of an agency account that it was locked, and how it is released."), "locked_at"
    ),
    MessageKind.SUSPENSION: _to_agency(
        _("Tells administrators and auditors at that moment that an account was suspended, and what came of it."),
        "headline news link",
    ),
    MessageKind.SUSPENSION_NOTICE: _to_agency(
        _("Tells the holder of an agency account that it was suspended, and what came of it."), "headline news link"
    ),
    MessageKind.REGISTRATION_CONFIRMED: _to_public(
        _("Confirms a registration, and says how to change it or leave."), "cameras link"
    ),
    MessageKind.REGISTRATION_ENDED: _to_public(
        _("Tells a person who left what was deleted, what is kept, why and until when."), "deleted kept elsewhere"
    ),
    MessageKind.REGISTRATION_UNFINISHED: _to_public(
        _("Says once, after a day, that an unfinished registration can be resumed."), "begun_at kept_until link"
    ),
    MessageKind.OUTREACH_REPORT: _to_agency(
        _("Tells the platform's contact every week how many people asked for a registry in each county. Names nobody."),
        "counties total",
    ),
    MessageKind.REGISTRATION_IMPORTED: _to_public(
        _("Tells a person that the office imported their registration, and how to take it over or leave."),
        "cameras consent_on link",
    ),
    MessageKind.IMPORT_INVITATION: _to_public(
        _("Asks a person of the office's former list once whether they want to register, or to be deleted."),
        "link no_link until",
    ),
    MessageKind.FOOTAGE_REQUEST: _to_public(
        _("Asks the owner of registered cameras for footage of one incident."),
        f"{ASKED} receipt",
        about_incident=True,
        texted=TextWish.REQUESTS,
    ),
    MessageKind.FOOTAGE_REMINDER: _to_public(
        _("Reminds the owner of a request that waits for an answer. At most two go out, and none after any answer."),
        f"{ASKED} asked_at is_last",
        about_incident=True,
        texted=TextWish.REQUESTS,
    ),
    MessageKind.FOOTAGE_RECEIVED: _to_public(
        _("Tells the giver which files arrived, with the proof of each, and until when they are kept."),
        "incident_number files kept_until call_back_number deputy receipt",
        about_incident=True,
    ),
    MessageKind.FOOTAGE_ENDING: _to_public(
        _("Tells the giver ahead of time on which day footage is deleted."),
        "incident_number files day link",
        about_incident=True,
    ),
    MessageKind.FOOTAGE_DELETED: _to_public(
        _("Tells the giver that footage was deleted because the time to keep it had ended."),
        "incident_number files link receipt",
        about_incident=True,
    ),
    MessageKind.REQUEST_WITHDRAWN: _to_public(
        _("Tells the owner that a request no longer needs an answer."),
        "incident_number call_back_number deputy",
        about_incident=True,
    ),
    MessageKind.LOOKS_DIGEST: _to_public(
        _("Tells the owner of cameras who searched and found them, as often as the owner chose."),
        LOOKS,
        about_incident=True,
        texted=TextWish.LOOKS,
    ),
    MessageKind.FOOTAGE_LOOKED_AT: _to_public(
        _("Tells the giver of footage that it was played or downloaded, as often as the giver chose."),
        LOOKS,
        about_incident=True,
        texted=TextWish.LOOKS,
    ),
    MessageKind.MONTH_SUMMARY: _to_public(
        _("Tells an owner who asked for it, once a month, how often their cameras were found, asked for and seen."),
        "month searches asked looks lines link settings_link unsubscribe",
        texted=TextWish.LOOKS,
    ),
    MessageKind.FOOTAGE_REPLY: _to_agency(
        _("Tells the deputy that an owner gave footage or has none. Nothing is sent when an owner declines."),
        "incident_number has_footage link",
        about_incident=True,
    ),
    MessageKind.CANVASS_TO_APPROVE: _to_agency(
        _("Tells supervisors that a canvass beyond the limits waits for the word of one of them."),
        "incident_number deputy link",
        about_incident=True,
    ),
    MessageKind.INCIDENT_JOINED: _to_agency(
        _("Tells a deputy who asked to join an incident that a colleague said yes. Nothing is sent for a no."),
        "incident_number link",
        about_incident=True,
    ),
    MessageKind.LEDGER_ALARM: _to_agency(
        _("Tells auditors and administrators that something is wrong with the audit log. Names nobody."), "alarms link"
    ),
    MessageKind.LOG_REPORT: _to_agency(
        _("Gives an auditor the link to a search that they saved, each day or week. Says nothing of what is in it."),
        "first last link",
    ),
    MessageKind.WORDS_CHANGE: _to_public(
        _("Tells a person ahead of time that a text on which they rely changes, from when on, and what is new in it."),
        "title day lines link",
    ),
    MessageKind.WORK_WAITS: _to_agency(
        _("Tells a person of the agency that something waits for them, and until when. Says neither what nor of whom."),
        "lines link",
    ),
    MessageKind.REVIEW_QUESTION: _to_agency(
        _("Tells a person of the agency that an auditor asks about something they did. Says neither what nor when."),
        "week link",
    ),
    MessageKind.REVIEW_OVERDUE: _to_agency(
        _("Tells the address that two administrators chose that nobody signed the review of a week in time."),
        "week drawn cards done",
    ),
    MessageKind.REVIEW_BLOCKED: _to_agency(
        _("Tells administrators that no auditor may review some cards of a week, since each took part. Names nobody."),
        "week cards link",
    ),
    MessageKind.CORE_OFFLINE: _to_public(
        _("Tells a business, once, that its CORE was offline for 15 minutes."), "seen_at link"
    ),
    MessageKind.CORE_ONLINE: _to_public(_("Tells a business that its CORE is back online."), "seen_at link"),
    MessageKind.CORE_NOTICE: _to_public(
        _("Tells a business what its CORE says is wrong with a camera, such as a black picture. Nobody else is told."),
        "lines link",
    ),
    MessageKind.SHARING_ENDING: _to_public(
        _("Tells a business ahead of time on which day its sharing agreement ends, and how to renew it."), "day link"
    ),
    MessageKind.SHARING_ENDED: _to_public(
        _("Tells a business that its sharing agreement has ended and nothing is shared any more."), "day link"
    ),
    MessageKind.LIVE_VIEWED: _to_public(
        _("Tells the owner of a connected camera after each live view who saw it, when, how long, and what for."),
        "incident_number deputy camera began_at glass minutes stopped link withheld",
        about_incident=True,
        texted=TextWish.LOOKS,
    ),
    MessageKind.WATCH_FLAGGED: _to_agency(
        _("Tells supervisors and auditors that a camera or an area was viewed live far more than usual. Names nobody."),
        "what link",
    ),
    MessageKind.GLASS_ASKED: _to_agency(
        _("Asks the other deputies and supervisors whether one of them breaks the glass with whoever asks."),
        "incident_number first until link",
        about_incident=True,
    ),
    MessageKind.GLASS_BROKEN: _to_agency(
        _("Tells supervisors, administrators and auditors at that moment that two people broke the glass."),
        "incident_number first second until can_end link",
        about_incident=True,
    ),
    MessageKind.GLASS_OVERDUE: _to_agency(
        _("Tells supervisors, administrators and auditors that nobody wrote within a week why the glass was broken."),
        "incident_number broken_at first second link",
        about_incident=True,
    ),
    MessageKind.CRITICAL_LOOK: _to_agency(
        _("Asks the other supervisors to look at a declaration that one of them must confirm."),
        "incident_number first until link",
        about_incident=True,
    ),
    MessageKind.ORDER_CONFIRMED: _to_buyers(
        _("Confirms an order, with what it costs and what was agreed to."),
        "lines total invoice invoice_link due_on consent card",
    ),
    MessageKind.ORDER_REFUSED: _to_buyers(_("Tells a business why its purchase order was declined."), "reason money"),
    MessageKind.ORDER_REFUND: _to_buyers(
        _("Tells a business that money goes back, and why."), "amount source note note_link money"
    ),
    MessageKind.ORDER_SHIPPED: _to_buyers(
        _("Tells a business that a parcel is on its way, with the number to follow it by."), "carrier tracking has_core"
    ),
    MessageKind.ORDER_DELAYED: _to_buyers(
        _("Asks a business whether it waits for an order that is late, or wants its money back."), "day money"
    ),
    MessageKind.INVOICE_DUE: _to_buyers(
        _("Reminds a business of an invoice on account: once before its day, and three times after it."),
        "invoice invoice_link amount due_on is_late",
    ),
    MessageKind.RETURN_PROGRESS: _to_buyers(
        _("Tells a business how far the return of its CORE is, what goes back for it and by which day."),
        "state serial money is_off age_off fee_back parts_off reason carrier tracking inspected_on paid_on",
    ),
    MessageKind.CLAIM_PROGRESS: _to_buyers(
        _("Tells a business what becomes of a CORE that does not work, and by when the old one is due."),
        "state serial next_words reason amount money invoice invoice_link",
    ),
    MessageKind.PAYMENT_FAILED: _to_buyers(
        _("Tells a business that a payment did not go through, and how to try again.")
    ),
    MessageKind.RENEWAL_ANNOUNCED: _to_buyers(
        _("Tells a business 30 days ahead what the next year of its CORE costs, when, and how to cancel."),
        "serial amount day until has_card how cancel_link card_link",
    ),
    MessageKind.RENEWAL_REMINDED: _to_buyers(
        _("Tells a business 7 days ahead once more what the next year of its CORE costs, and how to cancel."),
        "serial amount day until has_card how cancel_link card_link",
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
    MessageKind.TEXT_CODE: KindTerms(
        _("Confirms the phone number of a person who wants text messages. It comes by text alone."),
        Audience.PUBLIC,
        about_incident=False,
        variables=frozenset({"code", "minutes"}),
        texted=TextWish.CODE,
        mailed=False,
    ),
    MessageKind.TEXTS_ON: _to_public(
        _("Tells a person that texts to a phone were turned on, and what to do if it was not them."), "ending link"
    ),
}

URGENT = frozenset(
    {
        MessageKind.INVITATION,
        MessageKind.SIGN_IN_CODE,
        MessageKind.ACCOUNT_LOCKED,
        MessageKind.SUSPENSION,
        MessageKind.SUSPENSION_NOTICE,
        MessageKind.REGISTRATION_CONFIRMED,
        MessageKind.CANVASS_TO_APPROVE,
        MessageKind.INCIDENT_JOINED,
        MessageKind.LEDGER_ALARM,
        MessageKind.GLASS_ASKED,
        MessageKind.GLASS_BROKEN,
        MessageKind.CRITICAL_LOOK,
        MessageKind.ORDER_CONFIRMED,
        MessageKind.TEXT_CODE,
        MessageKind.TEXTS_ON,
    }
)
"""Somebody waits for these, or must act on them now: they wait for no canvass."""
