"""The form with which a deputy asks for a clip."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.pages.fields import LocalMoment
from integration.clips import policies
from integration.critical.policies import reasons
from integration.rules import LONGEST_CLIP
from registry.canvasses.models.purposes import CanvassPurpose
from registry.canvasses.selectors import purposes
from registry.incidents.models.incidents import Incident
from registry.limits.reason_fields import ReasonLines

LATEST = timedelta(minutes=10)
"""How much of an incident that goes on the form proposes."""


class ClipForm(CheckedForm):
    """From when to when, what for, and why."""

    starts_at = LocalMoment(label=_("Recording from"))
    ends_at = LocalMoment(label=_("Recording to"), help_text=_("At most 60 minutes, inside the time of the incident."))
    purpose = forms.ModelChoiceField(
        label=_("Purpose"),
        queryset=CanvassPurpose.objects.none(),
        empty_label=_("Choose one"),
        help_text=_("The owner reads it in the request."),
    )
    reason = ReasonLines(label=_("Reason"), help_text=_("What the clip may show. Auditors read it. Write no names."))

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        starts_at, ends_at = incident.starts_at, min(incident.until, incident.starts_at + LONGEST_CLIP)
        if incident.goes_on:  # what happens now is asked for first
            starts_at, ends_at = max(starts_at, incident.until - LATEST), incident.until
        kwargs.setdefault("initial", {"starts_at": starts_at, "ends_at": ends_at})
        super().__init__(*args, **kwargs)
        self.incident = incident
        self.fields["purpose"].queryset = purposes.on_the_list()  # type: ignore[attr-defined]

    def rules(self) -> Iterable[Rule]:
        """Return what may be asked for, and why."""
        window = partial(policies.check_window, incident=self.incident, now=timezone.now())
        return (
            (("starts_at", "ends_at"), window),
            (("reason",), partial(reasons.check, incident=self.incident)),
        )
