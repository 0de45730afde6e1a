"""GSM 03.38: 160 letters a text, but 70 if any letter is from outside it."""

import unicodedata
from typing import Final

GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE: Final = frozenset("^{}\\[~]|€")
"""Letters that count as two."""

ONE_TEXT: Final = 160
ONE_TEXT_OF_OTHERS: Final = 70
PLAIN: Final = {
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
}


def plain(text: str) -> str:
    """Return a text in similar GSM letters: "cámara" becomes "camara"."""
    return "".join(map(_plain, text))


def fits(text: str) -> bool:
    if not set(text) <= GSM | TWICE:
        return len(text.encode("utf-16-be")) // 2 <= ONE_TEXT_OF_OTHERS
    return len(text) + sum(letter in TWICE for letter in text) <= ONE_TEXT


def _plain(letter: str) -> str:
    if letter in GSM or letter in TWICE:
        return letter
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    found = PLAIN.get(letter, bare)
    return found if found and set(found) <= GSM else letter
