import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import groupby
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from fusus_portal.ground.agency.selectors import texts_of
from fusus_portal.ground.agency.sentences import Added
from fusus_portal.ground.notifications.channels.contract import AddressFault, Build, variables_of
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.selectors import Recipient


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered mail. unsubscribe: URL of one-click unsubscribe, or ""."""

    subject: str
    text: str
    html: str
    unsubscribe: str = ""


def letter_of(message: Message) -> Rendered:
    """Render a message of the outbox as mail; otherwise as `render`."""
    kind = MessageKind(message.kind)
    build = partial(kind_of(kind).build, message.context)
    return render(kind=kind, language=message.language, build=build, number=message.number)


def render(*, kind: MessageKind, language: str, build: Build, number: str, added: Added | None = None) -> Rendered:
    """Render a message as mail. added: the agency's sentences; None for those in force. Otherwise as `variables_of`."""
    with translation.override(language):
        extra = texts_of(kind).get(language, Added()) if added is None else added
        variables = variables_of(kind=kind_of(kind), build=build, number=number) | asdict(extra)
        agency = variables["agency"]
        names = {"short_name": agency["short_name"], "office": agency["short_in_text"]}
        subject = str(kind_of(kind).subject_of(variables)) % {**variables, **names}
        text, marked_text = (
            _tidy(render_to_string(f"messages/{kind.value}.txt", given)) for given in (variables, marked(variables))
        )
    return Rendered(
        subject=" ".join(subject.split()),
        text=text,
        html=page(marked_text, link=str(variables.get("link", "")), language=language, title=agency["name"]),
        unsubscribe=str(variables.get("unsubscribe", "")),
    )


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept) + "\n"


VALUE: Final = "\ue000"
"""Mark before each value in a text that becomes HTML. It and BREAK are private-use letters, which values lose."""

BREAK: Final = "\ue001"
"""Mark in place of a line break within a value."""

MARKS: Final = str.maketrans("", "", VALUE + BREAK)
CODE: Final = re.compile(r"[A-Z0-9-]{5,11}")
ROW: Final = re.compile(rf"(?!- )([^:{VALUE}]+):(?: (.*))?")
ITEM: Final = "- "
END_OF_TEXT: Final = "\n\n--\n"
"""The line between the text of a mail and its footer."""

PAGE: Final = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ margin: 0; padding: 0; }}
table {{ border-collapse: collapse; margin-bottom: 16px; }}
th {{ text-align: left; vertical-align: top; padding: 4px 16px 4px 0; font-weight: bold; }}
td {{ vertical-align: top; padding: 4px 0; overflow-wrap: anywhere; }}
p, ul {{ margin: 0 0 16px 0; }}
</style>
</head>
<body>
<table role="presentation" width="100%"><tr>
<td style="padding: 24px 16px; font-family: Helvetica, Arial, sans-serif; font-size: 16px; line-height: 1.5">
<table role="presentation" style="max-width: 600px; margin: 0 auto"><tr><td>
<p style="font-size: 18px; font-weight: bold">{first}</p>
{rest}
<p style="border-top: 1px solid #a9aeb1; padding-top: 16px">{footer}</p>
</td></tr></table>
</td>
</tr></table>
</body>
</html>
"""
BUTTON: Final = """<p><a href="{0}" style="display: inline-block; padding: 12px 20px; border-radius: 4px;
 background: #005ea2; color: #ffffff; font-weight: bold; text-decoration: none">{1}</a></p>
<p style="font-size: 14px; word-break: break-all">{0}</p>"""
LINK: Final = """<p><a href="{0}">{1}</a><br><span style="word-break: break-all">{0}</span></p>"""
TABLE_ROW: Final = """<tr><th scope="row">{}</th><td>{}</td></tr>"""
NEW_LINE: Final = SafeString("<br>")
LARGE: Final = """<p style="font-size: 28px; font-weight: bold; font-family: monospace; letter-spacing: 2px">{}</p>"""


class Value(str):
    """A string that templates compare as it is, and write behind its mark."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return the string in one line, behind its mark; "" if it has only spaces."""
        lines = self.translate(MARKS).strip().splitlines()
        return VALUE + BREAK.join(lines) if lines else ""


def marked(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mail's variables with their values marked, for the text that `page` reads.

    Raises TypeError for a value that could write text without its mark.
    """
    return {name: value if _is_made(name, value) else _marked(value) for name, value in variables.items()}


def page(text: str, *, link: str, language: str, title: str) -> SafeString:
    """Return a mail as HTML. text: written with `marked` variables. link: the address of its one button, or ""."""
    said, _line, footer = text.rstrip("\n").rpartition(END_OF_TEXT)
    first, *blocks = said.split("\n\n")
    buttons = dict.fromkeys([link], BUTTON)
    parts = [part for block in blocks for part in _parts(block.split("\n"), buttons)]
    return format_html(
        PAGE,
        language=language,
        title=title,
        first=_lines(first),
        rest=format_html_join("\n", "{}", zip(parts)),
        footer=_lines(footer),
    )


def _parts(lines: Sequence[str], buttons: dict[str, str]) -> Iterator[SafeString]:
    """Yield the HTML of a block of lines. buttons: how to draw links not drawn yet, by their address."""
    rows = [ROW.fullmatch(line) for line in lines]
    if len(lines) == 1 and CODE.fullmatch(lines[0]):
        yield format_html(LARGE, lines[0])
    elif len(rows) > 1 and all(rows):
        cells = ((_lines(row[1]), _lines(row[2] or "")) for row in rows if row)
        yield format_html("<table>{}</table>", format_html_join("", TABLE_ROW, cells))
    else:
        for is_list, group in groupby(lines, lambda line: line.startswith(ITEM)):
            some = list(group)
            yield from [_list(some)] if is_list else _paragraphs(some, buttons)


def _list(lines: Iterable[str]) -> SafeString:
    items = [_lines(line.removeprefix(ITEM)) for line in lines]
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", zip(items)))


def _paragraphs(lines: Iterable[str], buttons: dict[str, str]) -> Iterator[SafeString]:
    words: list[str] = []
    for line in lines:
        if not words or not _is_own(line):
            words.append(line)
            continue
        *before, label = words
        yield from _paragraph(before)
        yield format_html(buttons.pop(line, LINK), line, _lines(label))
        words = []
    yield from _paragraph(words)


def _paragraph(lines: list[str]) -> list[SafeString]:
    return [format_html("<p>{}</p>", _lines("\n".join(lines)))] if lines else []


def _lines(text: str) -> SafeString:
    """Return a text's lines as HTML, escaped and without marks, one below the other."""
    lines = text.replace(VALUE, "").replace(BREAK, "\n").split("\n")
    return format_html_join(NEW_LINE, "{}", zip(lines))


def _is_own(line: str) -> bool:
    """True if a line is only an address of this portal. A value never is: it begins with its mark."""
    return line.startswith(f"{settings.SITE_URL.rstrip('/')}/") and line.split() == [line]


def _is_made(name: str, value: object) -> bool:
    """True if the portal itself made a value, an address of its own or a code: it needs no mark."""
    if not isinstance(value, str):
        return False
    if name == "code":
        return CODE.fullmatch(value) is not None
    return name.endswith(("link", "receipt")) and _is_own(value)


def _marked(value: Any) -> Any:
    if isinstance(value, str | Promise):
        return Value(str(value))
    if isinstance(value, Mapping):
        return {name: _marked(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_marked(each) for each in value]
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    raise TypeError(f"a message has no room for a {type(value).__name__}")


class Email:
    name = "email"
    waits_for_seal = True

    def addresses_of(self, to: Sequence[Recipient], kind: MessageKind) -> Mapping[str, str]:
        return {person.email: person.email for person in to} if kind_of(kind).mailed else {}

    def check(self, address: str) -> None:
        validate_email(address)

    def hand_over(self, message: Message) -> None:
        rendered = letter_of(message)
        headers = {
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
        }
        if rendered.unsubscribe:  # with one click (RFC 8058)
            headers["List-Unsubscribe"] = f"<{rendered.unsubscribe}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        letter = EmailMultiAlternatives(
            subject=rendered.subject,
            body=rendered.text,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[message.to],
            headers=headers,
        )
        letter.attach_alternative(rendered.html, "text/html")
        letter.send()

    def judge(self, fault: Exception) -> tuple[str, bool, AddressFault]:
        """Take an SMTP answer of 5xx for permanent, but not for the address: it may accept mail tomorrow."""
        is_lasting = isinstance(fault, SMTPDataError) and 500 <= fault.smtp_code < 600
        if isinstance(fault, SMTPRecipientsRefused):
            is_lasting = all(500 <= code < 600 for code, _text in fault.recipients.values())
        return f"{type(fault).__name__} {getattr(fault, 'smtp_code', '')}".strip(), is_lasting, AddressFault.NONE


def preview(*, kind: MessageKind, language: str, build: Build, added: Added | None = None) -> Rendered:
    """Return a mail as it would be read; nothing is stored. added: as for `render`."""
    return render(kind=kind, language=known_language(language), build=build, number="M-00000000", added=added)


def preview_each(*, kind: MessageKind, build: Build) -> dict[str, Rendered]:
    texts = texts_of(kind).items()
    return {code: preview(kind=kind, language=code, build=build, added=added) for code, added in texts}


def known_language(language: str) -> str:
    codes = [code for code, _name in settings.LANGUAGES]
    if language not in codes:
        raise ValidationError(f"no messages are written in {language!r}")
    return language
