"""How often an owner wants a mail about who looked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models.notices import Rhythm
from registry.selectors.notices import Channel


class NoticesForm(forms.Form):
    """One choice for searches, one for footage."""

    searches = forms.ChoiceField(
        label=Channel.SEARCHES.label,
        choices=Rhythm.choices,
        widget=forms.RadioSelect,
        help_text=_("In a city that can be many: once a week is what most people need."),
    )
    footage = forms.ChoiceField(
        label=Channel.FOOTAGE.label,
        choices=Rhythm.choices,
        widget=forms.RadioSelect,
        help_text=_("This happens rarely, and only with what you gave."),
    )
