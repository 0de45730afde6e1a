"""Who registers, how to reach them, and that they know what it means."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.agency.models import Document
from fusus_portal.ground.agency.policies import newer
from fusus_portal.ground.checked_forms import Rule
from fusus_portal.ground.pages.fields import ten_digits
from registry import hooks
from registry.people.models import LANGUAGES, Registrant, RegistrantKind
from registry.people.services.registrants import OF_A_BUSINESS, Reach
from registry.places.forms.places import NoWayIn


class ContactForm(NoWayIn):
    """How the office reaches a registrant. is_business: a business is asked for its name, and whom to ask for."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("Phone number"),
        help_text=_("No deputy sees it unless you allow it below."),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "usa-input--medium"}),
    )
    may_call = forms.BooleanField(
        label=_("A deputy may call me about footage that I gave."),
        help_text=_("Otherwise we write to you by e-mail."),
        required=False,
    )
    contact_person = forms.CharField(label=_("Whom to ask for"), max_length=120, required=False)
    second_phone = forms.CharField(
        label=_("Second phone number"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "class": "usa-input--medium"}),
    )
    hours = forms.CharField(
        label=_("When can you be reached?"),
        help_text=_("For example: Monday to Friday, 9 to 5"),
        max_length=120,
        required=False,
    )
    language = forms.ChoiceField(
        label=_("In which language should we write to you?"), choices=list(LANGUAGES.items()), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, is_business: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_business = is_business
        if is_business:
            self.fields["name"].label = _("Name of the business")
            self.fields["name"].widget.attrs["autocomplete"] = "organization"
        else:
            for field in OF_A_BUSINESS:
                del self.fields[field]

    @property
    def opens_details(self) -> bool:
        """Whether the folded part needs a look, or holds something already."""
        return any(self[field].value() or field in self.errors for field in OF_A_BUSINESS)

    @property
    def reach(self) -> Reach:
        """How the registrant may be reached, as the service takes it."""
        return Reach.typed(self.cleaned_data)

    def clean_phone(self) -> str:
        """Write the number as people do in this country: 205-555-0100."""
        return ten_digits(self.cleaned_data["phone"])

    def clean_second_phone(self) -> str:
        """The same, where there is one."""
        typed = self.cleaned_data["second_phone"]
        return ten_digits(typed) if typed else ""


class OwnContactForm(ContactForm):
    """The same for who is registered already, and may be a business by now, or a business no more (promise R8).

    registrant: who that is.
    """

    kind = forms.ChoiceField(
        label=_("Who is registered here?"),
        help_text=_("A business can name a contact person, a second phone number and hours."),
        choices=RegistrantKind,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, registrant: Registrant, **kwargs: Any) -> None:
        super().__init__(*args, is_business=registrant.kind == RegistrantKind.BUSINESS, **kwargs)
        self.registrant = registrant

    def rules(self) -> Iterable[Rule]:
        """Return that a business stays one while it must."""
        return ((("kind",), self._check_kind),)

    def _check_kind(self, kind: str) -> None:
        if kind != self.registrant.kind and (why := hooks.why_business(self.registrant)):
            raise ValidationError({"kind": why})

    @property
    def opens_details(self) -> bool:
        """Nothing is folded where somebody comes to change it."""
        return True

    @property
    def reach(self) -> Reach:
        """How the registrant may be reached; what only a business has goes when it is none any more."""
        said = super().reach
        return Reach(said.contact_way) if self.cleaned_data["kind"] == RegistrantKind.PERSON else said

    def written(self) -> dict[str, Any]:
        """Return who it is, and how they may be reached."""
        who = {name: self.cleaned_data[name] for name in ("kind", "name", "phone", "language")}
        return {**who, "reach": self.reach}


class MeaningForm(forms.Form):
    """That the person has read what registering means, and agrees to the versions in force."""

    agreed = forms.BooleanField(
        label=_("I have read this, and I want to register."),
        error_messages={"required": _("Please tick the box if you want to register.")},
    )
    documents = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, in_force: Sequence[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.in_force = [str(document.pk) for document in in_force]
        self.initial["documents"] = ",".join(self.in_force)

    def clean_documents(self) -> list[str]:
        """Return the ids of the versions agreed to: those in force, which are the ones that were shown."""
        shown = self.cleaned_data["documents"]
        if shown and set(shown.split(",")) != set(self.in_force):
            raise ValidationError(newer())
        return self.in_force
