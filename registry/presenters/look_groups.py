"""Lines that belong together: each minute of a live view is an entry, and one line says how many there were."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.events import Event
from audit.models import AuditEntry
from registry.presenters.looks import Look


def grouped(entries: Sequence[AuditEntry], looks: Sequence[Look]) -> list[Look]:
    """Return the lines of a page with the minutes of one view as one of them, where its newest minute stands.

    looks: the line of each entry. What the owner can't read yet stays a line of its own: which view it is of is
    withheld too. A view that goes over the end of a page is a line on either.
    """
    parts: dict[tuple[str, ...], list[Look]] = {}
    lines: list[tuple[tuple[str, ...], Look]] = []
    for entry, look in zip(entries, looks, strict=True):
        key = _key(entry, look)
        if key not in parts:
            lines.append((key, look))
        parts.setdefault(key, []).append(look)
    return [_line(look, parts[key]) for key, look in lines]


def _key(entry: AuditEntry, look: Look) -> tuple[str, ...]:
    if entry.event != Event.VIEW_WATCHED or not look.is_open:
        return (str(entry.pk),)
    view = str(entry.facts.get("view", entry.subject_id))
    return ("view", entry.camera_id, entry.actor_id, view)


def _line(newest: Look, parts: list[Look]) -> Look:
    if len(parts) == 1:
        return newest
    words = ngettext("for %(number)d minute", "for %(number)d minutes", len(parts)) % {"number": len(parts)}
    return replace(newest, sentence=_("viewed this camera live"), lasted=words, parts=tuple(parts))
