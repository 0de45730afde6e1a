"""The form of street files, and a field for an address with suggestions."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopFutureHandlers, TemporaryFileUploadHandler
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _now, gettext_lazy as _

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.checked_forms import CheckedForm
from fusus_portal.ground.database.files import give_back
from fusus_portal.ground.held_files import FileOfForm


class AddressInput(forms.TextInput):
    """A text input that suggests the county's addresses and fills in their parts. fills: names of the parts' fields."""

    template_name = "components/address_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, fills: Mapping[str, str] | None = None) -> None:
        named = {f"data-fills-{part.replace('_', '-')}": name for part, name in (fills or {}).items()}
        super().__init__({**named, **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        told = {
            "autocomplete": "address-line1",
            "data-suggest": reverse("suggest_places"),
            "data-list-label": _now("Addresses"),
            "data-count-one": _now("1 place is below. Choose it with the arrow keys."),
            "data-count": _now("# places are below. Choose one with the arrow keys."),
            "data-none": _now("No address that we know begins like this."),
            "data-wait": _now("That was very fast. Please wait a moment, then type on."),
            "data-away": _now("Suggestions are not here right now. Type the whole address."),
        }
        return super().get_context(name, value, {**told, **(attrs or {})})


class StreetFilesOfForm(FileOfForm, TemporaryFileUploadHandler):
    mark = "takes_street_files"
    largest = 10**9
    """Bytes of all files of one upload."""

    def is_sender(self, user: Any) -> bool:
        return isinstance(user, User) and has(user.role, Permission.ADMINISTER)

    def too_large(self) -> str:
        return _now("The files may have at most %(limit)s together.") % {"limit": filesizeformat(self.largest)}

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        super().handle_raw_input(*args, **kwargs)
        if self.activated:
            give_back()  # the upload may take minutes

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.activated:
            super().new_file(*args, **kwargs)
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if not self.activated:
            return raw_data
        super().receive_data_chunk(raw_data, start)
        return None

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        return super().file_complete(file_size) if self.activated else None

    def upload_interrupted(self) -> None:
        if self.activated:
            super().upload_interrupted()


takes_street_files = StreetFilesOfForm.taken_by


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
