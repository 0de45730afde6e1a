from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.pages.fields import TYPED, LocalMoment
from integration.clips import policies
from integration.cores.models import Core
from integration.critical import policies as critical
from integration.rules import LONGEST_CLIP
from registry.canvasses import selectors as canvasses
from registry.canvasses.models import CanvassPurpose
from registry.incidents.models import Incident
from registry.limits.forms import ReasonLines

LATEST = timedelta(minutes=10)
"""Length of the window that the form proposes while the incident is ongoing."""

LEFT_OUT = timedelta(minutes=5)
"""The proposed window begins this much later if the CORE is overwriting its oldest recordings."""


class ClipForm(CheckedForm):
    starts_at = LocalMoment(label=_("Recording from"))
    ends_at = LocalMoment(label=_("Recording to"))
    purpose = forms.ModelChoiceField(
        label=_("Purpose"),
        queryset=CanvassPurpose.objects.none(),
        empty_label=_("Choose one"),
        help_text=_("The owner reads it in the request."),
    )
    reason = ReasonLines(label=_("Reason"), help_text=_("What the clip may show. Auditors read it. Write no names."))

    def __init__(self, *args: Any, incident: Incident, core: Core, **kwargs: Any) -> None:
        self.incident, self.core = incident, core
        minutes = policies.minutes_kept(incident, core, timezone.now())
        if minutes is not None:
            kwargs.setdefault("initial", _proposed(minutes, goes_on=incident.goes_on))
        super().__init__(*args, **kwargs)
        self.fields["purpose"].queryset = canvasses.listed_purposes()  # type: ignore[attr-defined]
        if minutes is not None:
            first, last = timezone.localtime(minutes.starts_at), timezone.localtime(minutes.ends_at)
            # A browser compares what clocks showed, and they may have been changed in between.
            is_one_clock = first.utcoffset() == last.utcoffset()
            bounds = {"min": f"{first:{TYPED}}", "max": f"{last:{TYPED}}"} if is_one_clock else {}
            for name in ("starts_at", "ends_at"):
                self.fields[name].widget.attrs |= bounds
            self.fields["ends_at"].help_text = minutes.sentence

    def rules(self) -> Iterable[Rule]:
        window = partial(policies.check_window, incident=self.incident, core=self.core, now=timezone.now())
        return (
            (("starts_at", "ends_at"), window),
            (("reason",), partial(critical.check_fresh_reason, incident=self.incident)),
        )


def _proposed(minutes: policies.Minutes, *, goes_on: bool) -> dict[str, datetime]:
    """Return the window to propose: the latest minutes of an ongoing incident, the first minutes of a past one."""
    starts_at = minutes.starts_at
    if minutes.is_shrinking:
        starts_at = min(starts_at + LEFT_OUT, minutes.ends_at - policies.MINUTE)
    if goes_on:
        return {"starts_at": max(starts_at, minutes.ends_at - LATEST), "ends_at": minutes.ends_at}
    return {"starts_at": starts_at, "ends_at": min(minutes.ends_at, starts_at + LONGEST_CLIP)}
