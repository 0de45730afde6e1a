"""Forms about canvasses."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.fields import LocalMoment, Placed


class CanvassForm(Placed):
    """A circle, the hours that footage is wanted from, and why."""

    radius_m = forms.FloatField(
        label=_("Radius in meters"),
        min_value=1,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    starts_at = LocalMoment(label=_("Footage from"))
    ends_at = LocalMoment(label=_("Footage to"), help_text=_("From 15 minutes to 12 hours."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the footage may show. Auditors read it; write no victim's name."),
    )
