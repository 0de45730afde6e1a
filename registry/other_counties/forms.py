import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _now, gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.geo.counties import UnknownCounty, counties_named, county
from fusus_portal.ground.pages.fields import FewLines, ten_digits
from fusus_portal.ground.tables import FORMULA
from registry.other_counties.models import CountyAgency
from registry.other_counties.policies import check_county
from registry.other_counties.services import AgencyDetails
from registry.other_counties.states import LeadState
from registry.rules import LONGEST_NOTE, LONGEST_REASON

AGENCY_COLUMNS: Final = ("county_fips", "name", "phone", "email", "url")
MOST_ROWS: Final = 4_000
"""Rows of a table at most: there are some 3,200 counties, with one row each."""

LONGEST_TABLE: Final = 1_000_000
MOST_SHOWN: Final = 3


class CountyAgencyForm(CheckedForm):
    """An agency of one county. A row of a table may name a county with an agency: the row changes it."""

    county_fips = forms.CharField(
        label=_("County"),
        max_length=80,
        help_text=_("Its five-digit FIPS code, or its name and state: Shelby County, Alabama"),
    )
    name = forms.CharField(label=_("Agency"), max_length=120)
    phone = forms.CharField(
        label=_("Phone number"), max_length=20, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=_("E-mail address"), max_length=254, required=False)
    url = forms.URLField(
        label=_("Address of its registry"),
        max_length=300,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https"])],
        error_messages={"invalid": _("Write a whole address that begins with https://.")},
        help_text=_("Where people register cameras there: https://..."),
    )

    def clean_county_fips(self) -> str:
        typed = self.cleaned_data["county_fips"]
        if re.fullmatch(r"\d{5}", typed):
            try:
                return county(typed).fips
            except UnknownCounty:
                raise ValidationError(_("No county has this code.")) from None
        named = counties_named(typed)
        if len(named) == 1:
            return named[0].fips
        if not named:
            raise ValidationError(_("No county has this name. Write the five digits, or the name and the state."))
        some = "; ".join(f"{each} ({each.fips})" for each in named[:MOST_SHOWN])
        raise ValidationError(_now("More than one county has this name: %(some)s. Add the state.") % {"some": some})

    def clean_name(self) -> str:
        """Refuse a name that a spreadsheet would run as a formula."""
        name = " ".join(self.cleaned_data["name"].split())
        if name.startswith(FORMULA):
            raise ValidationError(_("A name can't begin with =, +, - or @."))
        return name

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return ten_digits(typed) if typed else ""

    def written(self) -> dict[str, Any]:
        return {"details": AgencyDetails(**self.cleaned_data)}


class OneAgencyForm(CountyAgencyForm):
    def __init__(self, *args: Any, own: CountyAgency | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own

    def rules(self) -> Iterable[Rule]:
        return ((("county_fips",), partial(check_county, own=self.own)),)


class AgencyTableForm(forms.Form):
    """Agencies as CSV, in a file or pasted, with a line of column names.

    rows, faults: set once the form is valid. A fault is a line, from 1, and why; with any, no row is written.
    """

    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        help_text=_("Saved as “CSV UTF-8”. The first line names the columns: county_fips,name,phone,email,url"),
    )
    text = forms.CharField(
        label=_("Or paste the rows"),
        max_length=LONGEST_TABLE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("With the same first line."),
        error_messages={
            "required": _("Choose a file, or paste the rows."),
            "max_length": _("This is too long for a table of counties."),
        },
    )

    rows: list[AgencyDetails]
    faults: list[tuple[int, str]]

    def __init__(self, data: Mapping[str, Any] | None = None, files: Mapping[str, Any] | None = None) -> None:
        chosen = files.get("file") if files else None
        super().__init__({"text": chosen.read().decode("utf-8-sig", errors="replace")} if chosen else data)

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).lstrip("\ufeff")
        if "\ufffd" in text or "\0" in text:
            raise ValidationError(_("This file is not written in UTF-8. Please save it as “CSV UTF-8”."))
        lines = _lines(text)
        header = [name.strip().casefold() for name in next(lines, (1, []))[1]]
        if sorted(header) != sorted(AGENCY_COLUMNS):
            raise ValidationError(_("The first line must name these columns: county_fips,name,phone,email,url"))
        self.rows, self.faults = _read(header, lines)
        if not self.rows and not self.faults:
            raise ValidationError(_("There is no row below the line of column names."))
        return text


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise ValidationError(_now("Line %(line)d can't be read as CSV.") % {"line": reader.line_num}) from error


def _read(
    header: list[str], lines: Iterator[tuple[int, list[str]]]
) -> tuple[list[AgencyDetails], list[tuple[int, str]]]:
    rows: dict[str, AgencyDetails] = {}
    faults: list[tuple[int, str]] = []
    for count, (line, cells) in enumerate(lines, start=1):
        if count > MOST_ROWS:
            faults.append((line, _now("There are more rows than counties. The rest was not read.")))
            break
        sentence = _take(rows, dict(zip(header, cells, strict=False)) if len(cells) == len(header) else None)
        if sentence:
            faults.append((line, sentence))
    return list(rows.values()), faults


def _take(rows: dict[str, AgencyDetails], typed: Mapping[str, Any] | None) -> str:
    """Add a valid row of agencies; return what is wrong with the row, or ""."""
    if typed is None:
        return _now("This row has more or fewer cells than there are columns.")
    form = CountyAgencyForm(dict(typed))
    if not form.is_valid():
        return " ".join(f"{column}: {' '.join(map(str, sentences))}" for column, sentences in form.errors.items())
    details: AgencyDetails = form.written()["details"]
    if rows.setdefault(details.county_fips, details) != details:
        return _now("This county is in the table twice, with different details.")
    return ""


class StepForm(forms.Form):
    target = forms.ChoiceField(choices=LeadState)


class NoteForm(CheckedForm):
    text = FewLines(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        help_text=_("What the agency said, and when to ask again. It is deleted with the lead."),
    )


class WhyForm(CheckedForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("For example: the sheriff there has joined; tell the person how to register"),
    )
