from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm


class _Files(forms.FileField):
    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Return the uploaded files. Raises ValidationError for an empty file, and without any file."""
        return [super(_Files, self).clean(each, initial) for each in data or [None]]


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class StreetFilesForm(CheckedForm):
    called: ClassVar = {"another_county": "elsewhere"}

    uploaded = _Files(
        label=_("Files"),
        help_text=_(
            "Zipped shapefiles, CSV or GeoJSON: at most 1 GB together, 4 GB unpacked. They replace what is in use as a "
            "whole."
        ),
        widget=_FilesInput(attrs={"multiple": True, "accept": ".zip,.csv,.geojson,.json,.geojsonl,.ndjson"}),
    )
    dated = forms.DateField(
        label=_("Date of the data"),
        required=False,
        help_text=_("As their source says it. People read it beside the map."),
        widget=forms.DateInput(attrs={"type": "date", "class": "usa-input--medium"}, format="%Y-%m-%d"),
    )
    another_county = forms.BooleanField(
        label=_("Take the data of another county, too"), required=False, help_text=_("Leave this empty if in doubt.")
    )
