"""Forms about canvasses."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.fields import LocalMoment, Placed
from registry.models import Limits


class CanvassForm(Placed):
    """A circle, the hours that footage is wanted from, and why."""

    radius_m = forms.FloatField(
        label=_("Radius in meters"),
        min_value=1,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    starts_at = LocalMoment(label=_("Footage from"))
    ends_at = LocalMoment(label=_("Footage to"), help_text=_("From %(minutes)d minutes to %(hours)d hours."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the footage may show. Auditors read it; write no victim's name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = Limits.current()
        hours = {"minutes": limits.shortest_window_minutes, "hours": limits.longest_window_hours}
        self.fields["ends_at"].help_text = str(self.fields["ends_at"].help_text) % hours
