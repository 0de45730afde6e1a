"""Forms of administrators about incidents."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.models import RetentionCategory
from registry.number_format import LONGEST_PATTERN
from registry.selectors import evidence


class IncidentTypeForm(forms.Form):
    """One crime or emergency of the list."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As deputies choose it: Burglary"))
    name_es = forms.CharField(label=_("Name in Spanish"), max_length=80, help_text=_("As owners read it in Spanish"))
    emergency = forms.TypedChoiceField(
        label=_("What it is"),
        choices=[("crime", _("A crime")), ("emergency", _("An emergency: people in danger"))],
        coerce=lambda choice: choice == "emergency",
        widget=forms.RadioSelect,
    )
    declares = forms.BooleanField(
        label=_("Critical by itself when dispatch sends it"),
        required=False,
        help_text=_("Connected cameras nearby can then be viewed live at once, where their owners allow it."),
    )
    retention = forms.ModelChoiceField(
        label=_("How long its footage is kept"),
        required=False,
        queryset=RetentionCategory.objects.none(),
        empty_label=_("The standard time"),
        help_text=_("Footage that is here already keeps its day."),
    )

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.fields["retention"].queryset = evidence.categories()  # type: ignore[attr-defined]

    def add_refusal(self, error: ValidationError) -> None:
        """Show what a service refused beside the field it is about."""
        for name, messages in error.message_dict.items():
            self.add_error(name if name in self.fields else None, ValidationError(messages))


class NumberFormatForm(forms.Form):
    """How numbers are written."""

    pattern = forms.CharField(
        label=_("Format"),
        max_length=LONGEST_PATTERN,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        help_text=_("YYYY or YY is the year, N a digit, A a letter. Everything else stands for itself."),
    )
