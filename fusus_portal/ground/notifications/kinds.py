"""The closed list of messages that the portal can send, and the base class of each kind.

No message says how an incident ended: there is no kind and no variable for it. The class of a kind is in the `messages`
of its noun, and known once that module is imported.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Context = Mapping[str, str | int]
"""Values stored with a message: ids, names and numbers. Never a token, a link or a secret."""

Sentence = str | Promise
"""A sentence in the reader's language, with places for variables: "Reminder of %(number)s"."""


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
    ORDER_CANCELED = "order_canceled", _("An unpaid order was canceled")
    ORDER_REFUND = "order_refund", _("Money goes back")
    ORDER_SHIPPED = "order_shipped", _("A parcel is on its way")
    ORDER_DELAYED = "order_delayed", _("An order is late")
    ORDER_DONE = "order_done", _("The services of an order are done")
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


class Audience(StrEnum):
    PUBLIC = "public"
    AGENCY = "agency"


class TextWish(StrEnum):
    REQUESTS = "requests"
    LOOKS = "looks"
    CODE = "code"
    """The code for a number that the person typed a moment ago."""


_kinds: Final[dict[MessageKind, "Kind"]] = {}


class Kind(ABC):
    """One kind of message. Its mail is the template `messages/<name>.txt`, and HTML made of it.

    purpose: for administrators. needs: variables of subject, text and template, with spaces between, besides `agency`
    and `number`; a subject also has `short_name` and `office`, a text `office`. subject: of the mail; a class with
    several overrides `subject_of`, and `text_of` likewise. texted: the wish that lets the kind come as a text, or None.
    about_incident: the mail may name an incident's number, type, place and window. urgent: it does not wait behind a
    canvass's mails.
    """

    name: ClassVar[MessageKind]
    purpose: ClassVar[Sentence]
    audience: ClassVar[Audience]
    needs: ClassVar[str]
    subject: ClassVar[Sentence]
    text: ClassVar[Sentence]
    texted: ClassVar[TextWish | None] = None
    mailed: ClassVar[bool] = True
    about_incident: ClassVar[bool] = False
    urgent: ClassVar[bool] = False

    def __init_subclass__(cls, kind: MessageKind | None = None) -> None:
        """Make a kind known. kind: None for a base class. Raises ImproperlyConfigured if an attribute is missing."""
        super().__init_subclass__()
        if kind is None:
            return
        cls.name = kind
        if lacking := ", ".join(cls._lacking()):
            raise ImproperlyConfigured(f"messages of kind {kind.value!r} lack {lacking}")
        if type(_kinds.setdefault(kind, cls())) is not cls:
            raise ImproperlyConfigured(f"two classes for messages of kind {kind.value!r}")

    @classmethod
    def _lacking(cls) -> Iterator[str]:
        named = ["purpose", "audience", "needs", *(["text"] if cls.texted else [])]
        yield from (each for each in named if not hasattr(cls, each))
        if cls.mailed and not hasattr(cls, "subject") and cls.subject_of is Kind.subject_of:
            yield "subject"
        if cls.build is Kind.build:
            yield "build"

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(self.needs.split())

    def subject_of(self, variables: Mapping[str, object]) -> Sentence:
        return self.subject

    def text_of(self, variables: Mapping[str, object]) -> Sentence:
        return self.text

    @abstractmethod
    def build(self, context: Context) -> Mapping[str, object]:
        """Return the variables from a stored context, in the message's language, when it is rendered."""


class PublicKind(Kind):
    audience = Audience.PUBLIC


class AgencyKind(Kind):
    audience = Audience.AGENCY


def discover(noun: str) -> None:
    """Make the kinds of a noun's messages known, if it has any. noun: the name of its package."""
    if find_spec(f"{noun}.messages"):
        import_module(f"{noun}.messages")


def kind_of(name: str) -> Kind:
    """Return the class of a kind by its name. Raises ImproperlyConfigured if no class has it."""
    try:
        return _kinds[MessageKind(name)]
    except KeyError:
        raise ImproperlyConfigured(f"no class for messages of kind {str(name)!r}") from None


def all_kinds() -> list[Kind]:
    return [_kinds[name] for name in MessageKind if name in _kinds]


@register()
def kinds_of_messages(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Report kinds without a class, and mails without a text (`manage.py check`)."""
    texts = settings.BASE_DIR / "templates" / "messages"
    known = {kind.name.value: kind for kind in all_kinds()}
    unknown = [name for name in MessageKind.values if name not in known]
    silent = [name for name, kind in known.items() if kind.mailed and not (texts / f"{name}.txt").is_file()]
    return [
        *(Error(f"no class is about messages of kind {name!r}", id="notifications.E001") for name in unknown),
        *(Error(f"there is no templates/messages/{name}.txt", id="notifications.E002") for name in silent),
    ]
