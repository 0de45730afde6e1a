from enum import StrEnum

from django.utils import translation
from django.utils.translation import gettext as _

from fusus_portal.ground.agency.selectors import shown
from fusus_portal.ground.notifications import selectors
from fusus_portal.ground.notifications.channels.text.letters import plain


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
    """Return the reply in the language of the number's account; it reveals nothing about the account."""
    with translation.override(selectors.language_of(number)):
        agency = shown()
        told = {"office": agency.name, "phone": agency.phone}
        if word is Word.STOP:
            text = (
                _("%(office)s: you get no more texts from us. We still write by e-mail. Text START to get texts again.")
                % told
            )
        elif word is Word.START:
            text = _("%(office)s: you get texts from us again where you asked for them. STOP ends them.") % told
        else:
            text = _("%(office)s: nobody reads this number. Call %(phone)s. STOP ends our texts.") % told
    return plain(text)
