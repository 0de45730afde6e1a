"""Forms of the agency's row, its documents and its sentences. Each carries what the person has read."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.agency import sentences
from fusus_portal.ground.agency.forms.fields import HELP_LINKS, Links, OneLine
from fusus_portal.ground.agency.models import Agency
from fusus_portal.ground.agency.models.documents import LONGEST_TEXT, SHORTEST_TEXT
from fusus_portal.ground.agency.models.message_texts import LONGEST
from fusus_portal.ground.agency.sentences import Added

COLOR = forms.TextInput(attrs={"class": "usa-input--small", "spellcheck": "false", "autocomplete": "off"})


class AgencyForm(forms.ModelForm[Agency]):
    """Name, contacts, links, where checks and COREs go, and colors."""

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
    """A picture to look at first."""

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB. A round or square one looks best; it is shown small."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class ChosenSealForm(forms.Form):
    """The picture that was looked at; none means the first one."""

    seal = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class DocumentForm(forms.Form):
    """A new version in both languages. is_signed: of the sharing agreement, which may name broken glass."""

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
        """Keep line breaks as one sign, so that nothing differs by them alone."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("text_en", "text_es"):
            if name in cleaned:
                cleaned[name] = cleaned[name].replace("\r\n", "\n").strip()
        return cleaned


class MessageTextForm(forms.Form):
    """The agency's sentences in one kind of message."""

    opening_en = OneLine(label=_("First sentence, in English"), max_length=LONGEST)
    closing_en = OneLine(label=_("Last sentence, in English"), max_length=LONGEST)
    opening_es = OneLine(label=_("First sentence, in Spanish"), max_length=LONGEST)
    closing_es = OneLine(label=_("Last sentence, in Spanish"), max_length=LONGEST)

    def clean(self) -> dict[str, Any]:
        """Refuse a sentence that only some of the readers would get, and one that no message may say."""
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
        """Return the sentences by language, of what could be read."""
        typed = self.cleaned_data
        return {
            code: Added(*(typed.get(f"{part}_{code}", "") for part in ("opening", "closing"))) for code in ("en", "es")
        }


def first_texts(texts: dict[str, Added]) -> dict[str, str]:
    """Return what the form of sentences begins with."""
    return {f"{part}_{code}": getattr(added, part) for code, added in texts.items() for part in ("opening", "closing")}
