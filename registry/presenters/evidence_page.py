"""The page of one file that was given."""

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from audit.selectors import entries_of_subject
from registry.forms.evidence import LookForm
from registry.models import ContactWay, Evidence, FootageRequest
from registry.presenters import times
from registry.presenters.timeline import moments
from registry.selectors.evidence import giver_of


def page(evidence: Evidence, form: LookForm, *, playing: bool) -> dict[str, Any]:
    """Return what the page says. playing: whether this person has leave to watch now."""
    return {
        "evidence": evidence,
        "incident": evidence.request.incident,
        "form": form,
        "playing": playing,
        "is_video": evidence.content_type.startswith("video/"),
        "facts": _facts(evidence),
        "custody": moments(entries_of_subject(evidence.subject)),
    }


def _facts(evidence: Evidence) -> list[tuple[str, str]]:
    return [
        (_("Name"), evidence.name),
        (_("Size"), filesizeformat(evidence.size)),
        (_("Kind"), evidence.content_type),
        (_("Given with request"), evidence.request.number),
        (_("Given by"), giver_of(evidence.request)),
        (_("Questions to them"), _reach(evidence.request)),
        (_("Received"), times.moment(evidence.received_at)),
        (_("Kept until"), times.day(evidence.kept_until)),
        (_("SHA-256"), evidence.sha256),
    ]


def _reach(request: FootageRequest) -> str:
    """Return how a deputy may reach the giver: by a call only when the giver allows it."""
    giver = request.registrant
    if giver is None:
        return _("They have left the registry.")
    if giver.contact_way != ContactWay.CALL:
        return _("By e-mail only, with a new request.")
    said = (giver.phone, giver.second_phone, giver.contact_person, giver.hours)
    return ", ".join(filter(None, said))
