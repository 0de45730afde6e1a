"""Forms of the auditors' pages. Most are filled in from the query of the page's address."""

import ipaddress
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from audit.console.copies import CopyForm
from audit.console.entry import SEARCH_FIELD
from audit.console.models import MailTimes
from audit.console.presenters import ACTOR_NAMES, WORD_LIST, Chip, shown_value
from audit.console.search.days import midnight
from audit.console.search.phrases import Phrase, phrases_of
from audit.console.search.query import LogQuery
from audit.log.events import Event

ANY = ("", _("Any"))
OUTCOMES = ("done", "refused")
LONGEST_QUERY = 1_000
LONGEST_TEXT = 200


def _events() -> list[tuple[str, Any]]:
    areas: dict[str, list[tuple[str, Any]]] = {}
    for event in sorted(Event):
        area, _colon, _rest = event.partition(":")
        areas.setdefault(area, []).append((event.value, event.sentence))
    return [ANY, *areas.items()]


# The browser suggests words that the page holds, so nothing typed is sent before Enter.
WORDS = {
    "list": WORD_LIST,
    "autocomplete": "off",
    "spellcheck": "false",
    "type": "search",
    "placeholder": _("A deputy, incident, day, kind of entry, or several of them"),
}


class HiddenField(forms.CharField):
    """A part of a search that links of the log fill in and nobody types: the id of a thing."""

    widget = forms.HiddenInput

    def __init__(self, label: Any, max_length: int = 64) -> None:
        super().__init__(label=label, required=False, max_length=max_length)


class HiddenId(forms.UUIDField):
    widget = forms.HiddenInput


class SearchForm(forms.Form):
    word = forms.CharField(
        label=_("Search the log"), required=False, max_length=LONGEST_TEXT, widget=forms.TextInput(WORDS)
    )
    event = forms.ChoiceField(label=_("What was done"), required=False, choices=_events)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=[ANY, *((o, o) for o in OUTCOMES)])
    since = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    actor_kind = forms.ChoiceField(label=_("Who acted"), required=False, choices=[ANY, *ACTOR_NAMES.items()])
    area = forms.CharField(label=_("Area (ZIP code)"), required=False, max_length=64)
    premises_type = forms.CharField(label=_("Kind of place"), required=False, max_length=32)
    offence_type = forms.CharField(label=_("Crime or emergency"), required=False, max_length=64)
    actor_role = HiddenField(_("Role"), 32)
    actor = HiddenField(_("Who"))
    subject_kind = HiddenField(_("Kind of object"), 32)
    subject = HiddenField(_("Object"))
    camera = HiddenId(label=_("Camera"), required=False)
    incident = HiddenId(label=_("Incident"), required=False)
    address = HiddenField(_("Network address"), 45)
    sign_in = HiddenField(_("Sign-in"))

    def clean_address(self) -> str:
        text: str = self.cleaned_data["address"].strip()
        try:
            return str(ipaddress.ip_address(text)) if text else ""
        except ValueError as error:
            raise ValidationError(_("This is no network address.")) from error

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day comes before the first."))
        if cleaned.get("subject") and not cleaned.get("subject_kind"):
            self.add_error("subject_kind", _("Say what kind of object has this id."))
        return cleaned

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        self.is_valid()
        return phrases_of(self.cleaned_data.get("word", ""))

    def wanted(self) -> LogQuery:
        """Return the search; invalid fields are left out."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        until: date | None = given.pop("until", None)
        since: date | None = given.pop("since", None)
        texts = {name: str(value) for name, value in given.items()}
        if texts.get("subject_kind") == "camera" and "subject" in texts:
            texts["camera"] = texts.pop("subject")
        return LogQuery(
            **texts,
            since=midnight(since) if since else None,
            until=midnight(date.fromordinal(until.toordinal() + 1)) if until else None,
            phrases=self.phrases,
        )

    def given(self) -> dict[str, str]:
        return {name: str(self.data[name]) for name in self.fields if self.data.get(name)}

    def query(self) -> str:
        """Return the search for an address, where people are badge names and references."""
        return _with_phrases(self.given(), self.phrases)

    @property
    def is_shared(self) -> bool:
        """True if the address may hold the text as it was typed."""
        return all(phrase.shared.lower() == phrase.text.lower() for phrase in self.phrases)

    def lone_word(self) -> str:
        """Return the word in the search box if no other field is filled, else ""."""
        given = self.given()
        return given["word"].strip() if list(given) == ["word"] else ""

    def chips(self) -> list[Chip]:
        """Return the parts of the search, those of the box first. Links leave out unknown words: they may be a name."""
        given = self.given()
        known = [phrase for phrase in self.phrases if phrase.meanings]
        typed = [
            Chip(
                phrase.said,
                query=_with_phrases(given, [each for each in known if each is not phrase]),
                is_known=bool(phrase.meanings),
            )
            for phrase in self.phrases
        ]
        own = {"word", "subject_kind"} if "subject" in given else {"word"}
        return [*typed, *(self._filter_chip(name, given, known) for name in given if name not in own)]

    def _filter_chip(self, name: str, given: Mapping[str, str], known: Iterable[Phrase]) -> Chip:
        gone = (name, "subject_kind") if name == "subject" else (name,)
        rest = _with_phrases({other: value for other, value in given.items() if other not in gone}, known)
        return Chip(shown_value(name, given[name], given), str(self.fields[name].label), rest)

    def on_page(self) -> dict[str, Any]:
        """Return the form's part of a page. rest: the query without days, for links of the chart's bars."""
        filters = [field for field in self.visible_fields() if field.name != "word"]
        lasting = {name: value for name, value in self.given().items() if name not in ("since", "until")}
        query, rest = self.query(), _with_phrases(lasting, self.phrases)
        return {
            "form": self,
            "chips": self.chips(),
            "filters": filters,
            "filters_used": sum(bool(self.data.get(field.name)) for field in filters),
            "filters_wrong": any(field.errors for field in filters),
            "query": f"{query}&" if query else "",
            "rest": f"{rest}&" if rest else "",
            "save_form": SaveForm(initial={"query": query}) if query and self.wanted().is_understood else None,
        }


def _with_phrases(given: Mapping[str, str], phrases: Iterable[Phrase]) -> str:
    text = " ".join(phrase.shared for phrase in phrases)
    others = {name: value for name, value in given.items() if name != "word"}
    return urlencode({"word": text, **others} if text else others)


class PlaceForm(forms.Form):
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    after = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)


def searched(given: Mapping[str, Any]) -> str:
    names = (*SearchForm.base_fields, *PlaceForm.base_fields)
    return urlencode({name: given[name] for name in names if given.get(name)})


def searched_before(given: Mapping[str, Any]) -> str:
    """Return the query of the search whose page linked to an entry, for a link back; "" without such a search."""
    return searched(QueryDict(given.get(SEARCH_FIELD, "")[: 2 * LONGEST_QUERY]))


class SaveForm(forms.Form):
    name = forms.CharField(label=_("Name of this search"), max_length=60)
    query = forms.CharField(widget=forms.HiddenInput(), max_length=LONGEST_QUERY)


class MailForm(forms.Form):
    mailed = forms.ChoiceField(choices=MailTimes)


class DaysForm(forms.Form):
    since = forms.DateField()
    until = forms.DateField()


class TakeForm(forms.Form):
    form = forms.ChoiceField(
        label=_("Download as"),
        widget=forms.RadioSelect,
        initial=CopyForm.TABLE.value,
        choices=[
            (CopyForm.TABLE.value, _("A table (CSV), up to 100,000 entries: for spreadsheets and other tools")),
            (
                CopyForm.SEALED.value,
                _("The sealed bytes (JSON Lines), up to 100,000 entries: can be checked by anyone"),
            ),
            (CopyForm.PAPER.value, _("On paper (PDF), up to 2,000 entries")),
        ],
    )


class SettleForm(forms.Form):
    reason = forms.CharField(
        label=_("What you found and did"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is kept in the log, and can't be changed."),
    )
