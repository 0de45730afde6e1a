"""Forms of the auditors' pages. Most are filled in from the query of the page's address."""

import ipaddress
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from audit.console.copies import CopyForm
from audit.console.entry import SEARCH_FIELD
from audit.console.models import MailTimes
from audit.console.presenters import WORD_LIST
from audit.console.search.query import FIELD_NAMES, LogQuery, meanings_of_text, midnight
from audit.log.actors import ActorKind
from audit.log.events import Event

ANY = ("", _("Any"))
OUTCOMES = ("done", "refused")
LONGEST_QUERY = 1_000


def _events() -> list[tuple[str, Any]]:
    areas: dict[str, list[tuple[str, str]]] = {}
    for event in sorted(Event):
        area, _colon, _rest = event.partition(":")
        areas.setdefault(area, []).append((event.value, f"{event.sentence} ({event.value})"))
    return [ANY, *((area, events) for area, events in areas.items())]


# The browser suggests words that the page holds, so nothing typed is sent before Enter.
WORDS = {"list": WORD_LIST, "autocomplete": "off", "spellcheck": "false"}


class SearchForm(forms.Form):
    word = forms.CharField(
        label=_("A deputy, owner, address, incident or day"),
        required=False,
        max_length=120,
        widget=forms.TextInput(WORDS),
    )
    also = forms.CharField(label=_("And"), required=False, max_length=120, widget=forms.TextInput(WORDS))
    event = forms.ChoiceField(label=_("What was done"), required=False, choices=_events)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=[ANY, *((o, o) for o in OUTCOMES)])
    since = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    actor_kind = forms.ChoiceField(
        label=_("Kind of actor"), required=False, choices=[ANY, *((kind.value, kind.value) for kind in ActorKind)]
    )
    actor_role = forms.CharField(label=_("Role of the actor"), required=False, max_length=32)
    actor = forms.CharField(label=_("Id of the actor"), required=False, max_length=64)
    subject_kind = forms.CharField(label=_("Kind of object"), required=False, max_length=32)
    subject = forms.CharField(label=_("Id of the object"), required=False, max_length=64)
    camera = forms.UUIDField(label=_("Id of the camera"), required=False)
    incident = forms.UUIDField(label=_("Id of the incident"), required=False)
    area = forms.CharField(label=_("Area (ZIP code)"), required=False, max_length=64)
    premises_type = forms.CharField(label=_("Kind of place"), required=False, max_length=32)
    offence_type = forms.CharField(label=_("Crime or emergency"), required=False, max_length=64)
    address = forms.CharField(label=_("Network address"), required=False, max_length=45)
    sign_in = forms.CharField(label=_("Sign-in"), required=False, max_length=64)

    FIRST = ("word", "also")
    OFTEN = ("event", "outcome", "since", "until")

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
            meanings=meanings_of_text(texts["word"]) if "word" in texts else (),
            also_meanings=meanings_of_text(texts["also"]) if "also" in texts else (),
        )

    def given(self) -> dict[str, str]:
        return {name: str(self.data[name]) for name in self.fields if self.data.get(name)}

    def query(self) -> str:
        return urlencode(self.given())

    def lone_word(self) -> str:
        """Return the word in the search box if no other field is filled, else ""."""
        given = self.given()
        return given["word"].strip() if list(given) == ["word"] else ""

    def chips(self) -> list[dict[str, str]]:
        """Return the filled fields. query of each: the search that remains without that field."""
        chips = []
        for name, value in self.given().items():
            others = {other: also for other, also in self.given().items() if other != name}
            shown = str(Event(value).sentence) if name == "event" and value in set(Event) else value
            chips.append({"name": str(FIELD_NAMES[name]), "value": shown, "query": urlencode(others)})
        return chips

    def on_page(self) -> dict[str, Any]:
        """Return the form's part of a page. rest: the query without days, for links of the chart's bars."""
        more = [name for name in self.fields if name not in (*self.FIRST, *self.OFTEN)]
        rest = {name: value for name, value in self.given().items() if name not in ("since", "until")}
        query = self.query()
        return {
            "form": self,
            "chips": self.chips(),
            "first": [self[name] for name in self.FIRST],
            "often": [self[name] for name in self.OFTEN],
            "more": [self[name] for name in more],
            "more_is_used": any(self.data.get(name) for name in more),
            "query": f"{query}&" if query else "",
            "rest": f"{urlencode(rest)}&" if rest else "",
            "save_form": SaveForm(initial={"query": query}) if query else None,
        }


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
