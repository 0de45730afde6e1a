from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from fusus_portal.ground.notifications.models import TextNumber
from fusus_portal.ground.pages.fields import ten_digits


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A number and its state. kind, sentence: of the alert, or "". is_on: texts go there."""

    number: str
    is_on: bool
    kind: str
    sentence: str


def line_of(number: TextNumber) -> NumberLine:
    kind, sentence = _alert(number)
    return NumberLine(ten_digits(number.number), number.is_on, kind, sentence)


def sender() -> str:
    known: str = settings.TEXT_SENDER
    return ten_digits(known) if known.startswith("+1") else known


def _alert(number: TextNumber) -> tuple[str, str]:
    if number.stopped_at:
        stopped = _(
            "This number answered STOP on %(day)s, so no texts go there. To get them again, text START to %(sender)s."
        )
        return "warning", stopped % {"day": _day(number.stopped_at), "sender": sender()}
    if number.unreachable_at:
        return "warning", _(
            "This number gets no texts: it is a landline, or its carrier takes none. Turn texts off, or use another "
            "number. We write to you by e-mail as before."
        )
    if number.failed_at and number.confirmed_at is None:
        return "warning", _("The text with the code did not arrive. Check the number, or use another one.")
    if number.failed_at:
        failed = _("On %(day)s a text did not reach you. You got the same by e-mail.")
        return "info", failed % {"day": _day(number.failed_at)}
    return "", ""


def _day(at: datetime) -> str:
    return date_format(localtime(at), "DATE_FORMAT")
