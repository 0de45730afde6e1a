"""Nothing that people type adds a header to a mail, or breaks one, in any kind of message and with any line break."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError

from fusus_portal.ground.agency.models import Agency
from fusus_portal.ground.notifications.channels.email_channel import Email
from fusus_portal.ground.notifications.kinds import MessageKind, all_kinds, kind_of
from fusus_portal.ground.notifications.models import Message
from tests.notifications import samples

pytestmark = pytest.mark.django_db

BREAKS = ("\r\n", "\n", "\r", "\r\n ", "\n\t", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029")
INJECTED = "Bcc: thief@elsewhere.example"
MAILED = [kind.name for kind in all_kinds() if kind.mailed]
WANTED = {
    "Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "Content-Language",
    "List-Unsubscribe", "List-Unsubscribe-Post",
}  # fmt: skip
LINKS = ("link", "settings_link", "unsubscribe")
"""Variables that the portal makes itself, of signed tokens."""


def tainted(value: object, line_break: str) -> object:
    """Return a variable of a message as somebody types it who wants a header of their own."""
    if isinstance(value, str):
        return f"{value}{line_break}{INJECTED}{line_break}{line_break}<p>"
    if isinstance(value, Mapping):
        return {name: tainted(each, line_break) for name, each in value.items()}
    return [tainted(each, line_break) for each in value] if isinstance(value, list | tuple) else value


def typed(kind: MessageKind, line_break: str) -> Mapping[str, object]:
    variables = samples.VARIABLES[kind].items()
    return {name: value if name in LINKS else tainted(value, line_break) for name, value in variables}


def sent(kind: MessageKind, language: str) -> EmailMessage:
    """Hand a message over, and return it as the mail server gets it."""
    Email().hand_over(Message(kind=kind, to="ana@home.example", language=language, message_id="<1@portal.example>"))
    parsed = BytesParser(policy=default).parsebytes(mail.outbox.pop().message().as_bytes())
    assert isinstance(parsed, EmailMessage)
    return parsed


def is_ours(letter: EmailMessage) -> bool:
    """Tell whether a mail has the headers that the portal writes, each whole, and a text."""
    return (
        set(letter.keys()) <= WANTED
        and (letter["To"], letter["From"]) == ("ana@home.example", settings.DEFAULT_FROM_EMAIL)
        and len(letter["Subject"].splitlines()) == 1
        and letter.get_body(("plain",)) is not None
    )


@pytest.mark.parametrize("each", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_line_break_in_any_text_adds_no_header(monkeypatch: pytest.MonkeyPatch, each: bool) -> None:
    """each: every break alone in every kind; else all of them in one text, and by turns one alone."""
    wrong = []
    for number, kind in enumerate(MAILED):
        for line_break in BREAKS if each else (INJECTED.join(BREAKS), BREAKS[number % len(BREAKS)]):
            Agency.objects.update(name=str(tainted("The office", line_break))[:120])
            given = typed(kind, line_break)
            monkeypatch.setattr(kind_of(kind), "build", lambda _context, given=given: given)
            wrong += [(kind, line_break, language) for language in ("en", "es") if not is_ours(sent(kind, language))]
    assert len(MAILED) > len(BREAKS)
    assert wrong == []


def test_the_subject_of_most_kinds_has_something_that_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above would pass too if nothing typed came to a subject."""
    named = set()
    for kind in MAILED:
        monkeypatch.setattr(kind_of(kind), "build", lambda _context: typed(kind, "\r\n"))  # noqa: B023
        named |= {kind} if "thief@" in sent(kind, "en")["Subject"] else set()
    assert len(named) > len(MAILED) / 2


@pytest.mark.parametrize("line_break", BREAKS)
def test_no_address_has_one(line_break: str) -> None:
    with pytest.raises(ValidationError):
        Email().check(f"ana@home.example{line_break}{INJECTED}")


def test_a_link_with_one_goes_into_no_header(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = MessageKind.LOOKS_DIGEST
    broken = {**samples.VARIABLES[kind], "unsubscribe": f"http://localhost:8000/\r\n{INJECTED}"}
    monkeypatch.setattr(kind_of(kind), "build", lambda _context: broken)
    with pytest.raises(ValueError, match="newlines"):
        sent(kind, "en")
    assert mail.outbox == []


def test_subjects_of_mails_about_signing_in_name_nothing() -> None:
    """They are rendered by allauth, and go past the outbox."""
    subjects = sorted((Path(settings.BASE_DIR) / "templates/account/email").glob("*_subject.txt"))
    assert subjects
    assert [file.name for file in subjects if "{{" in file.read_text()] == []
