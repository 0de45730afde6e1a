"""The list of messages is closed, complete in both languages, and says nothing about how an incident ended."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from fusus_portal.ground.notifications import kinds
from fusus_portal.ground.notifications.channels.email.rendering import Rendered
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox
from fusus_portal.ground.notifications.terms import KINDS, Audience
from tests.notifications import samples

pytestmark = pytest.mark.django_db

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "messages"
PARTS = ("subject.txt", "body.txt")
MAILED = [kind for kind, terms in KINDS.items() if terms.mailed]
TEXTED = [kind for kind, terms in KINDS.items() if terms.texted]
OUTCOME = re.compile(
    r"arrest|suspect|convict|charged|solved|outcome|case.?closed|closed_at|was found guilty|recovered", re.IGNORECASE
)


def read(kind: MessageKind, language: str = "en") -> Rendered:
    return outbox.preview(kind=kind, language=language, build=lambda: kinds.builder_of(kind)({}))


def test_every_kind_has_its_row() -> None:
    assert set(KINDS) == set(MessageKind)
    assert all(str(terms.purpose) for terms in KINDS.values())


def test_every_kind_has_its_templates_and_there_are_no_others() -> None:
    found = {folder.name for folder in TEMPLATES.iterdir() if folder.is_dir()}
    assert found == set(MessageKind.values)
    assert all((TEMPLATES / kind / part).exists() for kind in MAILED for part in PARTS)
    assert {file.parent.name for file in TEMPLATES.glob("*/text.txt")} == set(TEXTED)
    assert not [part for part in PARTS if (TEMPLATES / MessageKind.TEXT_CODE / part).exists()]


def test_an_app_registered_a_builder_for_every_kind() -> None:
    assert kinds.registered() == set(MessageKind)


@pytest.mark.usefixtures("sample_builders")
def test_a_kind_has_one_builder() -> None:
    with pytest.raises(ImproperlyConfigured, match="two builders"):
        kinds.register(MessageKind.INVITATION, lambda context: {})


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.*")), ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_template_speaks_of_an_outcome(file: Path) -> None:
    assert not OUTCOME.search(file.read_text())


def test_no_kind_asks_for_an_outcome() -> None:
    names = {name for terms in KINDS.values() for name in terms.variables} | set(MessageKind.values)
    assert not [name for name in names if OUTCOME.search(name)]


def test_a_declined_request_has_no_message() -> None:
    assert "declin" not in " ".join(MessageKind.values)
    assert KINDS[MessageKind.FOOTAGE_REPLY].variables == {"incident_number", "has_footage", "link"}


@pytest.mark.usefixtures("sample_builders")
@pytest.mark.parametrize("kind", MAILED)
class TestEachMail:
    def test_the_subject_is_one_line_that_names_the_number(self, kind: MessageKind) -> None:
        subject = read(kind).subject
        assert str(samples.VARIABLES[kind]["number"]) in subject
        assert "\n" not in subject
        assert "&" not in subject

    def test_the_last_line_says_how_to_reach_a_person(self, kind: MessageKind) -> None:
        last = read(kind).text.strip().splitlines()[-1]
        assert last.startswith("To reach a person, call ")
        assert re.search(r"205-555-01\d\d", last)

    def test_the_text_stands_alone(self, kind: MessageKind) -> None:
        rendered = read(kind)
        assert "<" not in rendered.text
        assert "&amp;" not in rendered.text
        assert "\n\n\n" not in rendered.text
        link = samples.VARIABLES[kind].get("link")
        assert link is None or f"\n{link}\n" in rendered.text

    def test_the_public_reads_spanish(self, kind: MessageKind) -> None:
        if KINDS[kind].audience is Audience.PUBLIC:
            english, spanish = read(kind), read(kind, "es")
            assert english.subject != spanish.subject
            assert "To reach a person" not in spanish.text

    def test_it_is_not_rendered_without_one_of_its_variables(
        self, kind: MessageKind, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        missing = min(KINDS[kind].variables)
        partial = {name: value for name, value in samples.VARIABLES[kind].items() if name != missing}
        monkeypatch.setattr(kinds, "_builders", {kind: lambda context: partial})
        with pytest.raises(ImproperlyConfigured, match=missing):
            read(kind)


@pytest.mark.usefixtures("sample_builders")
def test_times_are_local_with_their_zone() -> None:
    assert "CST" in read(MessageKind.FOOTAGE_REQUEST).text
