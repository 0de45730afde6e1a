"""Fields of forms: an address with suggestions, and files of streets."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopFutureHandlers, TemporaryFileUploadHandler
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
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
            "data-list-label": _("Addresses"),
            "data-count-one": _("1 place is below. Choose it with the arrow keys."),
            "data-count": _("# places are below. Choose one with the arrow keys."),
            "data-none": _("No address that we know begins like this."),
            "data-wait": _("That was very fast. Please wait a moment, then type on."),
            "data-away": _("Suggestions are not here right now. Type the whole address."),
        }
        return super().get_context(name, value, {**told, **(attrs or {})})


class StreetFilesOfForm(FileOfForm, TemporaryFileUploadHandler):
    mark = "takes_street_files"
    largest = 10**9
    """Bytes of all files of one upload."""

    def is_sender(self, user: Any) -> bool:
        return isinstance(user, User) and has(user.role, Permission.ADMINISTER)

    def too_large(self) -> str:
        return _("The files may have at most %(limit)s together.") % {"limit": filesizeformat(self.largest)}

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
