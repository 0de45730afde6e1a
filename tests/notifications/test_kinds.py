"""The list of messages is closed, complete in both languages, and says nothing about how an incident ended."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from fusus_portal.ground.notifications import kinds
from fusus_portal.ground.notifications.channels import email_channel
from fusus_portal.ground.notifications.channels.email_channel import Rendered
from fusus_portal.ground.notifications.kinds import (
    Audience,
    Kind,
    MessageKind,
    TextWish,
    all_kinds,
    kind_of,
    kinds_of_messages,
)
from tests.notifications import samples

pytestmark = pytest.mark.django_db

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "messages"
MAILED = [kind.name for kind in all_kinds() if kind.mailed]
OUTCOME = re.compile(
    r"arrest|suspect|convict|charged|solved|outcome|case.?closed|closed_at|was found guilty|recovered", re.IGNORECASE
)
WHOLE: dict[str, Any] = {
    "purpose": "Says that something happened.",
    "audience": Audience.PUBLIC,
    "needs": "link",
    "subject": "Something happened, notice %(number)s",
    "text": "%(office)s: something happened: %(link)s",
    "texted": TextWish.LOOKS,
    "build": lambda self, context: {"link": ""},
}
"""Attributes of the class of a kind of message."""


def read(kind: MessageKind, language: str = "en") -> Rendered:
    return email_channel.preview(kind=kind, language=language, build=lambda: kind_of(kind).build({}))


def sentences(kind: Kind) -> Iterator[str]:
    """Yield the sentences in the class of a kind: its purpose, its subjects, and its text."""
    for said in (getattr(kind, name) for name in dir(kind)):
        for each in said.values() if isinstance(said, Mapping) else [said]:
            if isinstance(each, Promise):
                yield str(each)


def test_every_name_has_a_class_that_says_what_it_is_for() -> None:
    assert [kind.name for kind in all_kinds()] == list(MessageKind)
    assert all(str(kind.purpose) for kind in all_kinds())


def test_every_mail_has_its_text_and_there_are_no_others() -> None:
    assert {file.stem for file in TEMPLATES.glob("*.*")} == set(MAILED)


def test_the_system_check_names_a_kind_without_a_class_and_a_mail_without_a_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert kinds_of_messages() == []
    monkeypatch.setattr(kind_of(MessageKind.TEXT_CODE), "mailed", True)
    monkeypatch.delitem(kinds._kinds, MessageKind.INVITATION)
    said = [error.msg for error in kinds_of_messages()]
    assert said == [
        "no class is about messages of kind 'invitation'",
        "there is no templates/messages/text_code.txt",
    ]


class TestAClass:
    @pytest.fixture(autouse=True)
    def none_is_known(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Forget the class of this kind, and of those that a test makes."""
        monkeypatch.delitem(kinds._kinds, MessageKind.INVITATION)

    def made(self, **says: object) -> type:
        return type("Made", (Kind,), says, kind=MessageKind.INVITATION)

    def test_one_that_says_all_is_known_as_soon_as_it_is_there(self) -> None:
        made = self.made(**WHOLE)
        assert type(kind_of("invitation")) is made

    @pytest.mark.parametrize("name", sorted(set(WHOLE) - {"texted"}))
    def test_one_that_lacks_something_fails_at_once(self, name: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=f"'invitation' lack {name}$"):
            self.made(**{each: said for each, said in WHOLE.items() if each != name})
        with pytest.raises(ImproperlyConfigured, match="no class"):
            kind_of("invitation")

    def test_it_needs_a_subject_only_for_mail_and_a_text_only_to_be_texted(self) -> None:
        self.made(**{name: said for name, said in WHOLE.items() if name not in ("text", "texted")})
        kinds._kinds.pop(MessageKind.INVITATION)
        self.made(**{name: said for name, said in WHOLE.items() if name != "subject"}, mailed=False)

    def test_a_kind_has_one(self) -> None:
        self.made(**WHOLE)
        with pytest.raises(ImproperlyConfigured, match="two classes"):
            self.made(**WHOLE)


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.txt")), ids=lambda file: file.stem)
def test_no_template_speaks_of_an_outcome(file: Path) -> None:
    assert not OUTCOME.search(file.read_text())


def test_no_subject_and_no_text_speaks_of_one() -> None:
    said = [sentence for kind in all_kinds() for sentence in sentences(kind) if sentence != str(kind.purpose)]
    assert len(said) > len(MessageKind)
    assert [sentence for sentence in said if OUTCOME.search(sentence)] == []


def test_no_kind_asks_for_an_outcome() -> None:
    names = {name for kind in all_kinds() for name in kind.variables} | set(MessageKind.values)
    assert not [name for name in names if OUTCOME.search(name)]


def test_a_declined_request_has_no_message() -> None:
    assert "declin" not in " ".join(MessageKind.values)
    assert kind_of(MessageKind.FOOTAGE_REPLY).variables == {"incident_number", "has_footage", "link"}


def kept_by(kind: MessageKind) -> dict[str, bool]:
    """Return each thing that holds of any mail, and whether it does."""
    mail, link = read(kind), samples.VARIABLES[kind].get("link")
    last, spanish = mail.text.strip().splitlines()[-1], read(kind, "es")
    return {
        "the subject names the number": str(samples.VARIABLES[kind]["number"]) in mail.subject,
        "the subject is one line of plain text": not re.search(r"[\n&]", mail.subject),
        "the last line says how to reach a person": bool(
            re.match(r"To reach a person, call .*205-555-01\d\d", last),
        ),
        "the text stands alone": not re.search(r"<|&amp;|\n\n\n", mail.text),
        "the link has a line of its own": link is None or f"\n{link}\n" in mail.text,
        "the public reads spanish": kind_of(kind).audience is not Audience.PUBLIC
        or (mail.subject != spanish.subject and "To reach a person" not in spanish.text),
    }


@pytest.mark.usefixtures("sample_builders")
class TestEachMail:
    def test_it_keeps_what_all_keep(self) -> None:
        judged = {kind: kept_by(kind) for kind in MAILED}
        assert judged
        assert [(kind, thing) for kind, kept in judged.items() for thing, holds in kept.items() if not holds] == []

    @pytest.mark.parametrize("kind", MAILED)
    def test_it_is_not_rendered_without_one_of_its_variables(
        self, kind: MessageKind, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        missing = min(kind_of(kind).variables)
        partial = {name: value for name, value in samples.VARIABLES[kind].items() if name != missing}
        monkeypatch.setattr(kind_of(kind), "build", lambda context: partial)
        with pytest.raises(ImproperlyConfigured, match=missing):
            read(kind)


@pytest.mark.usefixtures("sample_builders")
def test_times_are_local_with_their_zone() -> None:
    assert "CST" in read(MessageKind.FOOTAGE_REQUEST).text
