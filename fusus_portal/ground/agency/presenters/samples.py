"""Sample values for all variables of messages, so that a message can be read before it is sent."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.agency.sentences import Added
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.channels.email.rendering import Rendered
from fusus_portal.ground.notifications.kinds import Kind, MessageKind, kind_of
from fusus_portal.ground.notifications.services.outbox import preview

UNKNOWN = "…"
PHONE = "205-555-0142"
A_FEW = 2


def message(kind: MessageKind, language: str, added: Added | None = None) -> Rendered:
    """Return a kind of message as its reader would get it, with made-up facts.

    added: sentences that are being considered; None for those in force.
    """
    return preview(kind=kind, language=language, build=lambda: _variables(kind_of(kind)), added=added)


def _variables(kind: Kind) -> Mapping[str, object]:
    known = _known()
    if not kind.about_incident:
        known["cameras"] = A_FEW  # outside of requests a message tells only how many
    other = {name: absolute("/example/") for name in kind.variables if name.endswith(("link", "receipt"))}
    return {name: known.get(name, other.get(name, UNKNOWN)) for name in kind.variables}


def _known() -> dict[str, object]:
    now = timezone.localtime()
    return {
        "incident_number": "2026-000123",
        "incident_type": _("(kind of incident)"),
        "purpose": _("(purpose of the request)"),
        "place": _("(streets of the incident)"),
        "starts_at": now - timedelta(hours=3),
        "ends_at": now - timedelta(hours=1),
        "asked_at": now - timedelta(days=3),
        "expires_at": now + timedelta(days=10),
        "locked_at": now,
        "consent_on": now - timedelta(days=365),
        "broken_at": now - timedelta(days=8),
        "seen_at": now - timedelta(minutes=20),
        "begun_at": now - timedelta(days=1),
        "until": now + timedelta(days=90),
        "day": now + timedelta(days=30),
        "total": A_FEW,
        "kept_until": now + timedelta(days=3 * 365),
        "cameras": [_("(the owner's cameras, by name)")],
        "deputy": _("(badge pseudonym)"),
        "call_back_number": PHONE,
        "link": absolute("/"),
        "files": [{"name": "door.mp4", "size": 1_500_000, "sha256": "0" * 64}],
        "deleted": [_("(what was deleted)")],
        "kept": [],
        "role": _("(role)"),
        "change": _("(what changed)"),
        "headline": _("(what happened)"),
        "news": _("(what happened, and what comes next)"),
        "has_footage": True,
        "is_last": False,
    }
