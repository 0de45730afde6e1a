from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.agency import sentences
from fusus_portal.ground.agency.models import LONGEST_SENTENCE, LONGEST_TEXT, SHORTEST_TEXT, Agency
from fusus_portal.ground.agency.sentences import Added


class Links(forms.CharField):
    """The office's links by name: one a line, the name and then the address."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{name} {address}" for name, address in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        """Return the links by name. A line without a name keeps "", which the model refuses."""
        links: dict[str, str] = {}
        for line in str(value or "").splitlines():
            name, _space, address = line.strip().rpartition(" ")
            if line.strip():
                links[name.strip().rstrip(":=").strip()] = address
        return links


class Lines(forms.CharField):
    """A list of phrases, one a line; repeated and empty ones are dropped."""

    widget = forms.Textarea(attrs={"rows": 5, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = (" ".join(line.split()) for line in str(value or "").splitlines())
        return list(dict.fromkeys(filter(None, lines)))


class OneLine(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, strip=True, widget=forms.Textarea(attrs={"rows": 2}), **options)

    def to_python(self, value: Any) -> Any:
        return " ".join(str(value or "").split())


HELP_LINKS = _("One a line: the name, a space, the address. For example: Facebook https://facebook.com/sheriff.example")


COLOR = forms.TextInput(attrs={"class": "usa-input--small", "spellcheck": "false", "autocomplete": "off"})


class AgencyForm(forms.ModelForm[Agency]):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    news_url = forms.URLField(
        label=_("News page"),
        assume_scheme="https",
        help_text=_("Where the office announces things. Messages never do."),
        error_messages={"invalid": _("Write a whole address that begins with https://.")},
    )
    social_urls = Links(label=_("Social links"), required=False, help_text=HELP_LINKS)

    class Meta:
        model = Agency
        fields = (
            "name",
            "short_name",
            "name_es",
            "phone",
            "help_phone",
            "email",
            "news_url",
            "social_urls",
            "payee",
            "check_address",
            "return_address",
            "color_primary",
            "color_accent",
        )
        widgets = {"color_primary": COLOR, "color_accent": COLOR}


class SealForm(forms.Form):
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB. A round or square one looks best; it is shown small."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class ChosenSealForm(forms.Form):
    seal = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class DocumentForm(forms.Form):
    """A new version of a document in both languages. is_signed: the document is the sharing agreement."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    text_en = forms.CharField(label=_("English text"), min_length=SHORTEST_TEXT, max_length=LONGEST_TEXT)
    text_es = forms.CharField(label=_("Spanish text"), min_length=SHORTEST_TEXT, max_length=LONGEST_TEXT)

    def __init__(self, *args: Any, is_signed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_signed:
            self.fields["names_glass"] = forms.BooleanField(
                label=_("Both texts name broken glass"),
                help_text=_(
                    "They say that two officers can see a camera for half an hour when no supervisor can be reached, "
                    "even if nobody else has checked the incident, and only where the camera's rule allows it. "
                    "Without this tick no camera is shown through broken glass under this version."
                ),
                required=False,
            )
        for language in ("en", "es"):
            field = self.fields[f"text_{language}"]
            field.help_text = _("Empty lines separate paragraphs. A line that begins with # and a space is a heading.")
            field.widget = forms.Textarea(attrs={"rows": 16, "lang": language})

    def clean(self) -> dict[str, Any]:
        """Normalize line breaks, so that texts never differ by them alone."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("text_en", "text_es"):
            if name in cleaned:
                cleaned[name] = cleaned[name].replace("\r\n", "\n").strip()
        return cleaned


class MessageTextForm(forms.Form):
    opening_en = OneLine(label=_("First sentence, in English"), max_length=LONGEST_SENTENCE)
    closing_en = OneLine(label=_("Last sentence, in English"), max_length=LONGEST_SENTENCE)
    opening_es = OneLine(label=_("First sentence, in Spanish"), max_length=LONGEST_SENTENCE)
    closing_es = OneLine(label=_("Last sentence, in Spanish"), max_length=LONGEST_SENTENCE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        try:
            sentences.check(self.texts(), office=Agency.current())
        except ValidationError as refused:
            self.add_error(None, refused)
        for part in ("opening", "closing"):
            english, spanish = (self.data.get(f"{part}_{code}", "").strip() for code in ("en", "es"))
            if bool(english) != bool(spanish):
                missing = f"{part}_es" if english else f"{part}_en"
                self.add_error(missing, ValidationError(_("Write it in both languages, or in neither.")))
        return cleaned

    def texts(self) -> dict[str, Added]:
        typed = self.cleaned_data
        return {
            code: Added(*(typed.get(f"{part}_{code}", "") for part in ("opening", "closing"))) for code in ("en", "es")
        }


def first_texts(texts: dict[str, Added]) -> dict[str, str]:
    return {f"{part}_{code}": getattr(added, part) for code, added in texts.items() for part in ("opening", "closing")}


class AdministrationSearchForm(forms.Form):
    q = forms.CharField(label=_("What do you look for?"), required=False, max_length=60, widget=forms.TextInput())

    def typed(self) -> str:
        return str(self.cleaned_data.get("q", "")) if self.is_valid() else ""
