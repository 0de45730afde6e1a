"""Forms about declarations, broken glass, and the reasons of views."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from integration.models.declarations import LONGEST_REASON
from integration.policies.reasons import LONGEST_JUSTIFICATION
from integration.rules import DECLARED_SQUARE_MILES, LARGEST_RADIUS_M
from registry.forms.fields import Placed


def _reason(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}), help_text=help_text
    )


class DeclareForm(Placed):
    """Around which place, how far, and why an incident is critical."""

    radius_m = forms.FloatField(
        label=_("Radius in meters"),
        min_value=1,
        max_value=LARGEST_RADIUS_M,
        help_text=_("Above %(area)s square miles (642 m) a second supervisor must confirm it.")
        % {"area": DECLARED_SQUARE_MILES},
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    reason = _reason(_("Why this is critical now. Auditors read it. Write no names."))
    field_order = ("latitude", "longitude", "radius_m", "reason")


class RenewForm(forms.Form):
    """Why an incident is still critical."""

    reason = _reason(_("What has happened since, and why it is still critical. Auditors read it. Write no names."))


class GlassForm(forms.Form):
    """Why two people can't wait for a supervisor."""

    reason = _reason(_("What happens now, and why nobody can wait for a supervisor. Auditors read it."))


class JustificationForm(forms.Form):
    """Why the glass was broken, in full."""

    justification = forms.CharField(
        label=_("Justification"),
        max_length=LONGEST_JUSTIFICATION,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What happened, what was seen, and why no supervisor could be reached. Write no names."),
    )


class StopForm(forms.Form):
    """Why a supervisor ends somebody else's view."""

    reason = _reason(_("Why this view must end. Auditors read it. Write no names."))


class ViewForm(forms.Form):
    """Why a camera must be seen now. more: its time is used up, and this says why more is needed."""

    reason = forms.CharField(
        label=_("Why you need to see it now"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write why this is needed now.")},
    )
    more = forms.BooleanField(required=False, widget=forms.HiddenInput)
