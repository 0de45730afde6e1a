from dataclasses import asdict, dataclass

from django.template.loader import render_to_string
from django.utils import translation

from fusus_portal.ground.agency.selectors import added_to
from fusus_portal.ground.agency.sentences import Added
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.variables import Build, variables_of


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered mail. unsubscribe: URL of one-click unsubscribe, or ""."""

    subject: str
    text: str
    html: str
    unsubscribe: str = ""


def render(*, kind: MessageKind, language: str, build: Build, number: str, added: Added | None = None) -> Rendered:
    """Render a message. build: its variables, in its language. added: None for the sentences in force.

    number: for the subject if `build` gives none. Raises ImproperlyConfigured if `build` omits a variable of the kind.
    """
    with translation.override(language):
        extra = added_to(kind, language) if added is None else added
        variables = {**variables_of(kind=kind, build=build, number=number, language=language), **asdict(extra)}
        subject, text, html = (
            render_to_string(f"messages/{kind.value}/{part}", variables)
            for part in ("subject.txt", "body.txt", "body.html")
        )
    return Rendered(
        subject=" ".join(subject.split()),
        text=_tidy(text),
        html=html,
        unsubscribe=str(variables.get("unsubscribe", "")),
    )


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept) + "\n"
