from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from registry.footage import selectors
from registry.footage.models.retention import RetentionCategory
from registry.incidents.models.types import IncidentType
from registry.incidents.number_format import LONGEST_PATTERN
from registry.incidents.policies import types


class IncidentTypeForm(CheckedForm):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As deputies choose it: Burglary"))
    name_es = forms.CharField(label=_("Name in Spanish"), max_length=80, help_text=_("As owners read it in Spanish"))
    emergency = forms.TypedChoiceField(
        label=_("What it is"),
        choices=[("crime", _("A crime")), ("emergency", _("An emergency: people in danger"))],
        coerce=lambda choice: choice == "emergency",
        widget=forms.RadioSelect,
    )
    declares = forms.BooleanField(
        label=_("Critical at once when dispatch sends it"),
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

    def __init__(self, *arguments: object, own: IncidentType | None = None, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.own = own
        self.fields["retention"].queryset = selectors.categories()  # type: ignore[attr-defined]

    def rules(self) -> Iterable[Rule]:
        return (
            (("name",), lambda name: types.check_english(name, own=self.own)),
            (("name_es",), types.check_spanish),
        )


class NumberFormatForm(CheckedForm):
    pattern = forms.CharField(
        label=_("Format"),
        max_length=LONGEST_PATTERN,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        help_text=_("YYYY or YY is the year, N a digit, A a letter. Everything else stays as you write it."),
    )
