from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.geo.points import Precision
from fusus_portal.ground.pages.fields import FewLines
from registry.imports.parser.columns import NEEDED, Field
from registry.imports.parser.tables import Encoding
from registry.imports.policies import check_columns

POINTS = [
    (Precision.PINNED.value, _("Exact: placed on a map or taken at the building")),
    (Precision.ROOFTOP.value, _("Good: found from the street address")),
    (Precision.AREA.value, _("Rough: middles of ZIP codes or streets. No search finds them until owners place a pin")),
]


class ImportTableForm(CheckedForm):
    file = forms.FileField(
        label=_("CSV or GeoJSON file"),
        help_text=_("At most 30 MB and 150,000 rows. The first line names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.json,.geojson,text/csv,application/geo+json"}),
    )
    encoding = forms.ChoiceField(
        label=_("Letters are written as"),
        choices=Encoding,
        initial=Encoding.UTF_8,
        help_text=_("If UTF-8 is wrong, the answer says in which row."),
    )

    def written(self) -> dict[str, Any]:
        return {"content": self.cleaned_data["file"].read(), "encoding": self.cleaned_data["encoding"]}


class ColumnsForm(CheckedForm):
    """One select for each of our fields: the column of the file that has it, from 0, or none."""

    def __init__(self, *args: Any, header: Sequence[str], columns: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.width = len(header)
        names = [(str(place), name or f"({place + 1})") for place, name in enumerate(header)]
        for field in Field:
            self.fields[field.value] = forms.TypedChoiceField(
                label=field.label,
                choices=[("", _("Not in this file")), *names],
                coerce=int,
                empty_value=None,
                required=field in NEEDED,
                initial=str(columns.get(field.value, "")),
                error_messages={"required": _("Without this column no row can come in.")},
            )
        self.fields["points"] = forms.ChoiceField(
            label=_("How good are the latitudes and longitudes?"),
            choices=POINTS,
            widget=forms.RadioSelect,
            help_text=_("A row without them gets the middle of its ZIP code, which no search finds."),
        )

    def rules(self) -> Iterable[Rule]:
        return (((), lambda: check_columns(self.columns(), width=self.width)),)

    def written(self) -> dict[str, Any]:
        return {"columns": self.columns(), "points": self.cleaned_data["points"]}

    def columns(self) -> dict[str, int]:
        chosen = ((field.value, self.cleaned_data.get(field.value)) for field in Field)
        return {name: column for name, column in chosen if column is not None}


class NumberForm(CheckedForm):
    number = forms.IntegerField(
        label=_("Type that number, in figures"),
        widget=forms.NumberInput(attrs={"class": "usa-input--small", "inputmode": "numeric", "autocomplete": "off"}),
    )


class ExportForm(CheckedForm):
    reason = FewLines(
        label=_("Reason"), max_length=300, help_text=_("The second administrator and the auditor read this.")
    )
