import logging
import re
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from uuid import UUID
from xml.sax.saxutils import escape

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from fusus_portal.ground.access import public
from fusus_portal.ground.access.limits import try_to_spend
from fusus_portal.ground.agency.selectors import shown
from fusus_portal.ground.notifications import policies, selectors
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.channels import provider
from fusus_portal.ground.notifications.channels.text_channel import plain
from fusus_portal.ground.notifications.services import text_numbers

logger = logging.getLogger(__name__)

LONGEST = 16 * 1024
"""Most bytes of a call by the provider; real ones have some hundred."""

A_DAY = 24 * 60 * 60
ANSWERS = "5/d"
"""Replies to texts from one number, so that two machines don't answer each other for ever."""

NUMBER = re.compile(r"\+1\d{10}")
CODE = re.compile(r"\d{1,9}")
NOT_DELIVERED = frozenset({"failed", "undelivered"})

View = Callable[..., HttpResponse]


def signed(view: View) -> View:
    """Refuse a call that the provider did not sign; 404 without a provider."""

    @wraps(view)
    def guarded(request: HttpRequest, **named: UUID) -> HttpResponse:
        if not provider.is_configured():
            return HttpResponse(status=404)
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        if int(request.headers.get("Content-Length") or 0) > LONGEST:
            return HttpResponse(status=413)
        address = absolute(request.get_full_path())
        if not provider.is_signed(address, request.POST.dict(), request.headers.get("X-Twilio-Signature", "")):
            # No audit entry: anybody could fill the log.
            logger.warning("A call about text messages was not signed by their provider.")
            return HttpResponse(status=403)
        return view(request, **named)

    return guarded


@public
@csrf_exempt  # the signature gives the right, not a cookie
@never_cache
@signed
def text_inbound(request: HttpRequest) -> HttpResponse:
    """Obey an incoming STOP or START, and reply unless the provider did. Repeated calls change nothing."""
    number = request.POST.get("From", "")
    if not NUMBER.fullmatch(number):
        return _said("")
    word = meant_by(request.POST.get("Body", ""))
    if word is Word.STOP:
        text_numbers.stop(number=number)  # before anything that could fail, and at every repetition
    done = f"text_inbound:{policies.digest_of(request.POST.get('MessageSid', ''))}"
    if cache.get(done):
        return _said("")
    if word is Word.START:
        text_numbers.start(number=number)
    cache.set(done, True, A_DAY)
    if "OptOutType" in request.POST or not try_to_spend("text_answer", ANSWERS, policies.digest_of(number)):
        return _said("")
    return _said(answer(word, number))


@public
@csrf_exempt  # as above
@never_cache
@signed
def text_status(request: HttpRequest, message: UUID) -> HttpResponse:
    """Record that a text did not arrive, when the provider reports it."""
    number, code = request.POST.get("To", ""), request.POST.get("ErrorCode", "")
    if request.POST.get("MessageStatus") in NOT_DELIVERED and NUMBER.fullmatch(number):
        text_numbers.note_failure(message=message, number=number, code=int(code) if CODE.fullmatch(code) else 0)
    return HttpResponse(status=204)


def _said(sentence: str) -> HttpResponse:
    message = f"<Message>{escape(sentence)}</Message>" if sentence else ""
    whole = f'<?xml version="1.0" encoding="UTF-8"?><Response>{message}</Response>'
    return HttpResponse(whole, content_type="text/xml; charset=utf-8")


class Word(StrEnum):
    STOP = "stop"
    START = "start"
    HELP = "help"
    OTHER = ""


WORDS = {
    Word.STOP: "STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT ALTO PARAR BAJA CANCELAR",
    Word.START: "START UNSTOP INICIO EMPEZAR",
    Word.HELP: "HELP INFO AYUDA",
}
MEANT = {word: meant for meant, words in WORDS.items() for word in words.split()}


def meant_by(body: str) -> Word:
    """Return the meaning of an incoming text: a single key word, or any text that begins with STOP ("Stop, please")."""
    words = "".join(letter if letter.isalnum() else " " for letter in body.upper()).split()
    if words[:1] == ["STOP"]:
        return Word.STOP
    return MEANT.get(words[0], Word.OTHER) if len(words) == 1 else Word.OTHER


def answer(word: Word, number: str) -> str:
    """Return the reply to a text in the language of its number's account; it reveals nothing about the account."""
    with translation.override(selectors.language_of(number)):
        agency = shown()
        text = _("%(office)s: nobody reads this number. Call %(phone)s. STOP ends our texts.")
        if word is Word.STOP:
            text = _(
                "%(office)s: you get no more texts from us. We still write by e-mail. Text START to get texts again."
            )
        elif word is Word.START:
            text = _("%(office)s: you get texts from us again where you asked for them. STOP ends them.")
        return plain(text % {"office": agency.name, "phone": agency.phone})
