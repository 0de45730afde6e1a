"""Forms of people: contact details, consent, moving, text messages."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now, gettext_lazy as _

from fusus_portal.ground.agency.models import Document
from fusus_portal.ground.agency.policies import newer
from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.geo.counties import inside_jurisdiction
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.notifications import policies
from fusus_portal.ground.pages.fields import ten_digits
from registry.people.policies import check_calls
from registry.people.services.moves import Wish
from registry.people.services.registrants import OF_A_BUSINESS, Reach
from registry.places import hooks
from registry.places.forms.addresses import AddressForm, NoWayIn, address_of, could_be_inside
from registry.places.forms.pins import PinForm, other_county
from registry.places.policies import check_moves
from registry.registrants.models import LANGUAGES, Registrant, RegistrantKind


class ContactForm(NoWayIn):
    """Contact details of a registrant. is_business: asks for the business's name, contact person and hours."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("Phone number"),
        help_text=_("For a deputy who asks about footage that you gave. Nobody calls unless you allow it below."),
        max_length=20,
        required=False,
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

    def rules(self) -> Iterable[Rule]:
        return ((("phone", "may_call"), check_calls),)

    @property
    def opens_details(self) -> bool:
        """True if the folded fields of a business have an error or a value."""
        return any(self[field].value() or field in self.errors for field in OF_A_BUSINESS)

    @property
    def reach(self) -> Reach:
        return Reach.typed(self.cleaned_data)

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return ten_digits(typed) if typed else ""

    def clean_second_phone(self) -> str:
        typed = self.cleaned_data["second_phone"]
        return ten_digits(typed) if typed else ""


class OwnContactForm(ContactForm):
    """Contact details of a registrant, who may have become a business, or have stopped being one (promise R8)."""

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
        return (*super().rules(), (("kind",), self._check_kind))

    def _check_kind(self, kind: str) -> None:
        if kind != self.registrant.kind and (why := hooks.why_business(self.registrant)):
            raise ValidationError({"kind": why})

    @property
    def opens_details(self) -> bool:
        return True

    @property
    def reach(self) -> Reach:
        """Return the typed ways to reach the registrant; a person has none of a business's fields."""
        said = super().reach
        return Reach(said.contact_way) if self.cleaned_data["kind"] == RegistrantKind.PERSON else said

    def written(self) -> dict[str, Any]:
        who = {name: self.cleaned_data[name] for name in ("kind", "name", "phone", "language")}
        return {**who, "reach": self.reach}


class MeaningForm(forms.Form):
    """Confirmation that the person has read what registering means, and agrees to the documents in force."""

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
        """Return the ids of the documents in force, agreed to here. Raises ValidationError if others were shown."""
        shown = self.cleaned_data["documents"]
        if shown and set(shown.split(",")) != set(self.in_force):
            raise ValidationError(newer())
        return self.in_force


class MoveAddressForm(AddressForm):
    """A new address anywhere in the country. current: the present address of the place."""

    def __init__(self, *args: Any, current: Address, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current = current

    def check_found(self) -> None:
        check_moves(self.current, to=address_of(self.cleaned_data))


class MovePinForm(PinForm):
    """The pin on the new address, on either side of the county line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confirmed"].label = _("Yes, the pin is on the right side of the county line.")
        self.outside = other_county(self.found.point) if self.is_elsewhere else None

    @property
    def is_elsewhere(self) -> bool:
        """True if the address alone shows that the new place is outside the county."""
        return not inside_jurisdiction(self.found.point) and not could_be_inside(self.found)

    def check_where(self, pin: Point) -> None:
        """Accept a pin in any county: the pin's county decides what the move means."""

    def check_moved(self, pin: Point) -> None:
        """Require a pin at the exact spot only if the new place may be inside the county."""
        if not self.is_elsewhere:
            super().check_moved(pin)


class WishForm(forms.Form):
    """Consent of a person who moves to another county. No box is ticked at first."""

    tell = forms.BooleanField(
        label=_("Yes, ask the agency there to join, because somebody moved there who would register cameras."),
        required=False,
    )
    write_to_me = forms.BooleanField(
        label=_("They may write to me, too: keep my name and e-mail address for that."), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Refuse consent that the agency may write to the person without consent that it is asked at all."""
        cleaned = super().clean() or {}
        if cleaned.get("write_to_me") and not cleaned.get("tell"):
            raise ValidationError({"tell": _now("Tick this box too, or neither.")})
        return cleaned

    def wish(self) -> Wish | None:
        return Wish(with_contact=self.cleaned_data["write_to_me"]) if self.cleaned_data["tell"] else None


class WishesForm(CheckedForm):
    """Kinds of messages that an owner also wants as texts."""

    requests = forms.BooleanField(
        label=_("When we ask you for footage, and when we remind you of it"), required=False, initial=True
    )
    looks = forms.BooleanField(
        label=_("When somebody looked, as often as you get e-mail about it"), required=False, initial=False
    )

    def rules(self) -> Iterable[Rule]:
        return ((("requests", "looks"), policies.check_wishes),)


class TextNumberForm(WishesForm):
    number = forms.CharField(
        label=_("Mobile phone number"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "usa-input--medium"}),
    )
    field_order = ("number", "requests", "looks")

    def rules(self) -> Iterable[Rule]:
        takes_texts = (("number",), lambda typed: policies.check_not_stopped(policies.check_number(typed)))
        return (*super().rules(), takes_texts)


class CodeForm(CheckedForm):
    """Six digits that confirm a mobile number. Phones offer them from the text that just came."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits, from the text that we sent."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "usa-input--small"}
        ),
    )
