"""Look-alike letters, from Unicode's confusable characters (UTS 39, confusables.txt), without those that NFKD maps."""
# ruff: noqa: RUF001  (look-alikes are the point)

import re
import unicodedata
from functools import partial
from typing import Final

_LIKE: Final = {
    "a": "ɑαаᎪᗅᴀⱥꓮ𐊠𖽀",
    "b": "ƀƅɓʙβвьᏏᏴᑲᖯᗷᴃꓐꞵ𐊂𐊡𐌁",
    "c": "ƈȼσсᏟᴄⲥꓚ𐊢𐌂𐐽𐔜",
    "d": "đɖɗԁᎠᏧᑯᗞᗪᴅꓒꓓ",
    "e": "ǝɇəεеҽᎬᴇⴹꓰꬲ𐊆𑣆𑣎",
    "f": "ϝքᖴẝꓝꜰꞙꬵ𐊇𐊥𐔥𑣂",
    "g": "ƍǥɠɡɢԍցᏀᏳᶃꓖ",
    "h": "ħɦʜηнһհᎻᏂᕼⲏꓧ𐋏",
    "i": "ıɨɩɪιіӏᎥꙇ𑣃",
    "j": "ɉʝϳјᎫᒍᴊꓙ",
    "k": "ƙκкᏦᛕᴋⱪⲕꓗ𐔘",
    "l": "łƚǀɫɭʟᏞᒪᛁⲓⳑⵏꓡꓲ𐊊𐌉𐑃𐔦𑣒𖼖𖼨",
    "m": "ɱμϻмᎷᗰᛖᴍⲙꓟ𐊰𐌑",
    "n": "ŋɲɳɴνոռⲛꓠ𐔓",
    "o": "øɵοоօଠഠဝჿዐᴏᴑⲟⵔꓳꬽ𐊒𐊫𐐬𐓪𐔖𑣈𑣕𑣗",
    "p": "ƥρрᏢᑭᴘᵽⲣꓑ𐊕",
    "q": "ɋʠԛգզⵕ",
    "r": "ɍɼɽʀгᎡᎱᏒᖇᴦⲅꓣꭇꭈ𐓜𖼵",
    "s": "ƽȿʂѕտᏕᏚꓢꜱ𐊖𐑈𑣁𖼺",
    "t": "ŧƭʈτтᎢᴛⱦⲧꓔ𐊗𐊱𐌕𑣜𖼊",
    "u": "ʉʋυսሀᑌᴜꓴꞟꭎꭒ𐓶𑣘𖽂",
    "v": "ѵᏙᐯᴠⴸꓦꛟ𐔝𑜆𑣀𖼈",
    "w": "ɯѡԝաᎳᏔᴡꓪ𑜊𑜎𑜏",
    "x": "χхᕁᕽᚷⲭⵝꓫꭓ𐊐𐊴𐌗𐔧",
    "y": "ƴɏɣʏγуүყᎩᎽᶌỿⲩꓬꭚ𐊲𑣄𖽃",
    "z": "ƶȥʐζᏃᴢꓜ𑣉",
}
LETTERS: Final = str.maketrans({like: letter for letter, alike in _LIKE.items() for like in alike})

FURTHER: Final = "æœðþ"
"""Further letters of local names, which `plain` keeps: none is another letter with an accent, stroke or hook."""

SIGNS: Final = (str.maketrans("013457@$!℮†", "oieastasiet"), str.maketrans("013457@$!℮†", "oleastasiet"))
"""Digits and signs read as letters, in two ways: "pr0te$t", "v1gil", "ra11y"."""

SPELLED = re.compile(r"\S*[^\W\d_]\S*")
"""A word with a letter, whose digits and signs may be letters too. A plain number is not read so."""

UNSEEN: Final = frozenset({"Mn", "Me", "Cf", "Cc"})
"""Categories of invisible characters between letters: combining accents, joiners, selectors, controls."""

BLANK_LETTERS: Final = "\u115f\u1160\u3164\uffa0"
"""Letters of Hangul that show as blanks."""


def plain(text: str) -> str:
    """Return a text in lower-case Latin letters without accents; a look-alike becomes the letter that it looks like."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(each for each in letters if _is_seen(each)).translate(LETTERS)


def has_words(text: str, typed: str) -> bool:
    """True if a text contains each typed word, whatever its accents and capitals."""
    letters = plain(text)
    return all(word in letters for word in plain(typed).split())


def readings(text: str) -> tuple[str, ...]:
    """Return the text, and its two readings with digits and signs as letters."""
    return text, *(SPELLED.sub(partial(_read, signs), text) for signs in SIGNS)


def mixes_alphabets(text: str) -> bool:
    """True if a word mixes alphabets or has blank letters or letters that no local name uses."""
    seen = unicodedata.normalize("NFKC", text)
    if seen.isascii():
        return False
    if any(letter in text for letter in BLANK_LETTERS) or any(map(_is_strange, plain(text))):
        return True
    words = re.findall(r"\w+", "".join(each for each in seen if _is_seen(each)))
    return any(len({_alphabet(letter) for letter in word if _is_letter(letter)}) > 1 for word in words)


def _read(signs: dict[int, int], word: re.Match[str]) -> str:
    return word[0].translate(signs)


def _is_seen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in UNSEEN


def _is_strange(letter: str) -> bool:
    return not letter.isascii() and letter not in FURTHER and _is_letter(letter) and _alphabet(letter) == "LATIN"


def _is_letter(character: str) -> bool:
    return unicodedata.category(character) in {"Lu", "Ll", "Lt", "Lo"}


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "?").partition(" ")[0]
