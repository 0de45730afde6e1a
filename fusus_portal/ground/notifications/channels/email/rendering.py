from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from fusus_portal.ground.agency.selectors import added_to
from fusus_portal.ground.agency.sentences import Added
from fusus_portal.ground.notifications.channels.email import html_part
from fusus_portal.ground.notifications.kinds import Kind, MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.variables import Build, variables_of


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered mail. unsubscribe: URL of one-click unsubscribe, or ""."""

    subject: str
    text: str
    html: str
    unsubscribe: str = ""


def letter_of(message: Message) -> Rendered:
    """Render a message that waits, as it is sent; otherwise as `render`."""
    kind = MessageKind(message.kind)
    build = partial(kind_of(kind).build, message.context)
    return render(kind=kind, language=message.language, build=build, number=message.number)


def render(*, kind: MessageKind, language: str, build: Build, number: str, added: Added | None = None) -> Rendered:
    """Render a message. build: its variables, in its language. added: None for the sentences in force.

    number: for the subject if `build` gives none. Raises ImproperlyConfigured if `build` omits a variable of the kind.
    """
    with translation.override(language):
        extra = added_to(kind, language) if added is None else added
        variables = variables_of(kind=kind_of(kind), build=build, number=number) | asdict(extra)
        subject = _subject(kind_of(kind), variables)
        text, marked = (
            _tidy(render_to_string(f"messages/{kind.value}.txt", given))
            for given in (variables, html_part.marked(variables))
        )
    return Rendered(
        subject=" ".join(subject.split()),
        text=text,
        html=html_part.page(
            marked, link=str(variables.get("link", "")), language=language, title=variables["agency"]["name"]
        ),
        unsubscribe=str(variables.get("unsubscribe", "")),
    )


def _subject(kind: Kind, variables: Mapping[str, Any]) -> str:
    agency = variables["agency"]
    names = {"short_name": agency["short_name"], "office": agency["short_in_text"]}
    return str(kind.subject_of(variables)) % {**variables, **names}


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept) + "\n"
