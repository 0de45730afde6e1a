from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext, gettext_lazy as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.lookup.finders import LONGEST
from fusus_portal.ground.pages.fields import FewLines, LocalMoment
from fusus_portal.ground.streets.finder.blocks import block_at
from fusus_portal.ground.streets.forms import AddressInput
from registry.footage.models import RetentionCategory
from registry.incidents import selectors
from registry.incidents.dispatch_format import LARGEST_BYTES
from registry.incidents.models import KEY_ID, Incident, IncidentType
from registry.incidents.number_format import LONGEST_NUMBER, LONGEST_PATTERN
from registry.incidents.policies import incidents
from registry.incidents.policies.dispatch import check_public_key
from registry.incidents.policies.reasons import check_lawful
from registry.places.forms import PlacedByName
from registry.places.policies import check_inside

NAMED = 5


class IncidentSearchForm(forms.Form):
    number = forms.CharField(
        label=_("Number, or a part of it"), required=False, max_length=LONGEST_NUMBER, widget=forms.TextInput()
    )
    standing = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Any")), *selectors.IncidentStanding.choices]
    )
    whose = forms.ChoiceField(label=_("Whose"), required=False, choices=[("", _("All")), ("own", _("Assigned to me"))])

    def __init__(self, *arguments: object, by: User, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        if by.role != Role.SUPERVISOR:
            del self.fields["whose"]  # a deputy sees none but their own

    def wanted(self) -> dict[str, Any]:
        """Return the arguments of `search_incidents`. An invalid field is not searched for."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name, "") for name in ("number", "standing")}
        return {**found, "own": self.cleaned_data.get("whose") == "own"}


class ChangeIncidentForm(PlacedByName):
    type = forms.ModelChoiceField(
        label=_("Crime or emergency"), queryset=IncidentType.objects.none(), empty_label=_("Choose one")
    )
    place = forms.CharField(
        label=_("Place"),
        max_length=160,
        help_text=_("An address, a block or a corner: 2100 block of Morris Avenue. The pin follows."),
        widget=AddressInput(attrs={"autocomplete": "off"}),
    )
    starts_at = LocalMoment(label=_("From"))
    ends_at = LocalMoment(label=_("To"))
    goes_on = forms.BooleanField(label=_("It is still going on"), required=False)

    field_order = ["number", "type", "place", "starts_at", "ends_at", "goes_on", "latitude", "longitude"]

    def __init__(self, data: Any = None, *arguments: Any, own: IncidentType | None = None, **options: Any) -> None:
        if data and forms.CheckboxInput().value_from_datadict(data, MultiValueDict(), "goes_on"):
            data = data.copy()
            data["ends_at"] = timezone.localtime().isoformat()
        super().__init__(data, *arguments, **options)
        self.fields["type"].queryset = selectors.choosable_types(own=own)  # type: ignore[attr-defined]

    def rules(self) -> Iterable[Rule]:
        return (
            (("place",), partial(check_lawful, field="place")),
            (("starts_at", "ends_at"), incidents.check_window),
            (("latitude", "longitude"), lambda north, east: check_inside(Point(north, east), field="latitude")),
        )

    def written(self) -> dict[str, Any]:
        """Return the fields as the service takes them: None for `ends_at` while the incident is ongoing."""
        said = super().written()
        return said | {"ends_at": None} if said.pop("goes_on") else said


class IncidentForm(ChangeIncidentForm):
    number = forms.CharField(label=_("Incident number"), max_length=LONGEST_NUMBER)

    def __init__(self, data: Any = None, *arguments: Any, by: User, **options: Any) -> None:
        super().__init__(_with_place(data), *arguments, **options)
        self.by = by
        self.fields["number"].help_text = _("For example %(number)s") % {"number": incidents.example()}

    def rules(self) -> Iterable[Rule]:
        return ((("number",), partial(incidents.check_number, by=self.by)), *super().rules())


def _with_place(data: Any) -> Any:
    """Fill in an empty place of a form with the block at the pin: "I am here".

    Far from any street, or without loaded streets, the text only refers to the map.
    """
    if not data or data.get("place"):
        return data
    try:
        block = block_at(Point(float(data["latitude"]), float(data["longitude"])))
    except (KeyError, ValueError):
        return data
    named = data.copy()
    named["place"] = block.label if block else gettext("the place on the map")
    return named


class SendBackForm(CheckedForm):
    reason = FewLines(
        label=_("What to correct"),
        help_text=_("A sentence that the people on the incident read. Write no names of victims or witnesses."),
    )


class AssignForm(forms.Form):
    """A person to assign, typed by name, badge pseudonym or e-mail address, with suggestions."""

    user = forms.CharField(
        label=_("Assign someone"),
        max_length=200,
        help_text=_("Type a name or a badge pseudonym"),
        widget=forms.TextInput(attrs={"list": "assignable", "autocomplete": "off"}),
    )

    def __init__(self, *arguments: object, incident: Incident, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.people = list(selectors.assignable(incident))

    @property
    def suggestions(self) -> list[str]:
        return [label_of(person) for person in self.people]

    def clean_user(self) -> User:
        typed = self.cleaned_data["user"].strip().casefold()
        exact = [person for person in self.people if typed in _answers_to(person)]
        found = exact or [person for person in self.people if typed in person.name.casefold()]
        if not found:
            raise forms.ValidationError(_("Nobody who can be assigned is called that."))
        if len(found) > 1:
            names = ", ".join(label_of(person) for person in found[:NAMED])
            sentence = gettext("Several people could be meant: %(names)s. Write more of it.")
            raise forms.ValidationError(sentence % {"names": names})
        return found[0]


def label_of(person: User) -> str:
    """Return the suggestion for a person: "Dana Wells (Deputy K7Q2)"."""
    return f"{person.name} ({person.pseudonym})"


def _answers_to(person: User) -> set[str]:
    return {text.casefold() for text in (str(person.pk), label_of(person), person.pseudonym, person.email)}


class DispatchKeyForm(CheckedForm):
    source = forms.CharField(
        label=_("Dispatch system"),
        max_length=40,
        validators=[RegexValidator(KEY_ID)],
        help_text=_("As it names itself, in small letters: county-cad"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    key_id = forms.CharField(
        label=_("Id of the key"),
        max_length=40,
        validators=[RegexValidator(KEY_ID)],
        help_text=_("As its signatures name the key: county-cad-2026"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    public_key = forms.CharField(
        label=_("Public key"),
        max_length=1000,
        help_text=_("The whole text from -----BEGIN PUBLIC KEY----- on"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )

    def rules(self) -> Iterable[Rule]:
        return ((("public_key",), check_public_key),)


class DispatchFileForm(forms.Form):
    file = forms.FileField(label=_("Signed file from dispatch"), required=False)
    token = forms.CharField(
        label=_("Or its text"),
        required=False,
        max_length=LARGEST_BYTES,
        help_text=_("One long line. It is checked and shown before anything counts."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = self.cleaned_data
        if found.get("file") is not None:
            found["token"] = found["file"].read(LARGEST_BYTES).decode("ascii", "replace").strip()
        if not found.get("token"):
            self.add_error("file", gettext("Choose the file that dispatch signed, or paste its text."))
        return found


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
        queryset=RetentionCategory.objects.all(),
        empty_label=_("The standard time"),
        help_text=_("Footage that is here already keeps its day."),
    )

    def __init__(self, *arguments: object, own: IncidentType | None = None, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.own = own

    def rules(self) -> Iterable[Rule]:
        return (
            (("name",), lambda name: incidents.check_english(name, own=self.own)),
            (("name_es",), incidents.check_spanish),
        )


class NumberFormatForm(CheckedForm):
    pattern = forms.CharField(
        label=_("Format"),
        max_length=LONGEST_PATTERN,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        help_text=_("YYYY or YY is the year, N a digit, A a letter. Everything else stays as you write it."),
    )


class JoinForm(CheckedForm):
    number = forms.CharField(
        label=_("Incident number"), max_length=LONGEST, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["number"].help_text = gettext("For example %(number)s") % {"number": incidents.example()}

    def rules(self) -> Iterable[Rule]:
        return ((("number",), incidents.check_number_to_join),)
