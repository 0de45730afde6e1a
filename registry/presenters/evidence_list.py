"""The list of an incident's footage."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from registry.forms.evidence import FilterForm
from registry.models import Evidence, Incident
from registry.policies import retention as policy
from registry.policies import why_not
from registry.presenters.actions import Action
from registry.presenters.evidence_page import hold_line
from registry.selectors import evidence as known
from registry.selectors.evidence import Filed
from registry.states import EvidenceState

FILES_A_PAGE = 25


def page(incident: Incident, form: FilterForm, user: User, *, number: str | None) -> dict[str, Any]:
    """Return what the page says, in a number of queries that does not grow with the files. number: of the page."""
    chosen = form.cleaned_data if form.is_valid() else {}
    files = known.chosen(incident, state=chosen.get("state", ""), category=chosen.get("category"))
    shown = Paginator(files, FILES_A_PAGE).get_page(number)
    query = urlencode({name: form.data[name] for name in ("state", "category") if form.data.get(name)})
    why = why_not(partial(policy.may_keep_longer, user, incident))
    return {
        "incident": incident,
        "form": form,
        "page": shown,
        "query": f"{query}&amp;" if query else "",
        "files": [(filed, *tag_of(filed)) for filed in known.with_holds(list(shown.object_list))],
        "holds": [hold_line(hold) for hold in known.holds_in_force(incident)],
        "hold": Action(
            "hold", _("Legal hold"), reverse("incident_hold", args=[incident.pk]), why, is_link=True, quiet=True
        ),
        "may_lift": not why,
    }


def tag_of(filed: Filed) -> tuple[str, str]:
    """Return a file's state in a word, and the kind of tag that shows it."""
    file: Evidence = filed.file
    if file.state != EvidenceState.KEPT:
        return file.get_state_display(), "quiet"
    if filed.is_held:
        return _("Legal hold"), "warn"
    return (_("Deletion announced"), "warn") if file.announced_at else (_("Kept"), "good")
