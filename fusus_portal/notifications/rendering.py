"""Makes what a person reads from a message's kind, language and context."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.utils import translation

from fusus_portal.notifications import kinds
from fusus_portal.notifications.kinds import Context, MessageKind


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as it is read: one subject line, plain text, and the same as HTML."""

    subject: str
    text: str
    html: str


def render(*, kind: MessageKind, language: str, context: Context, number: str) -> Rendered:
    """Render a message. number: what the subject names when the builder gives none.

    Raises ImproperlyConfigured when the kind has no builder, or its builder leaves out a variable.
    """
    with translation.override(language):
        variables = _variables(kind=kind, context=context, number=number, language=language)
        subject, text, html = (
            render_to_string(f"messages/{kind.value}/{part}", dict(variables))
            for part in ("subject.txt", "body.txt", "body.html")
        )
    return Rendered(subject=" ".join(subject.split()), text=_tidy(text), html=html)


def _variables(*, kind: MessageKind, context: Context, number: str, language: str) -> Mapping[str, object]:
    built = kinds.builder_of(kind)(context)
    missing = kinds.KINDS[kind].variables - built.keys()
    if missing:
        raise ImproperlyConfigured(f"the builder of {kind.value} left out {', '.join(sorted(missing))}")
    return {"number": number, "language": language, "agency": _agency(), **built}


def _agency() -> dict[str, str]:
    return {
        "name": settings.AGENCY_NAME,
        "short_name": settings.AGENCY_SHORT_NAME,
        "phone": settings.AGENCY_PHONE,
    }


def _tidy(text: str) -> str:
    """Return text with at most one empty line in a row, none at the ends."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept) + "\n"
