"""Fields of forms: an address with suggestions, and files of streets."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopFutureHandlers, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.database.files import give_back
from fusus_portal.ground.held_files import FIELDS_BESIDE, REFUSAL


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


View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE: Final = "takes_street_files"
LARGEST: Final = 10**9
"""Bytes of all files of one upload."""


def takes_street_files(view: View) -> View:
    setattr(view, ATTRIBUTE, True)
    return view


class StreetFilesOfForm(TemporaryFileUploadHandler):
    wanted = False

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *_more: Any, **_named: Any) -> None:  # noqa: N803
        request = self.request
        if request is None or not _is_wanted(request):
            return
        if content_length > LARGEST + FIELDS_BESIDE:
            limit = {"limit": filesizeformat(LARGEST)}
            request.META[REFUSAL] = _("The files may have at most %(limit)s together.") % limit
            return
        self.wanted = True
        give_back()  # the upload may take minutes

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.wanted:
            super().new_file(*args, **kwargs)
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if not self.wanted:
            return raw_data
        super().receive_data_chunk(raw_data, start)
        return None

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        return super().file_complete(file_size) if self.wanted else None

    def upload_interrupted(self) -> None:
        if self.wanted:
            super().upload_interrupted()


def _is_wanted(request: HttpRequest) -> bool:
    match, user = request.resolver_match, request.user
    is_page = match is not None and getattr(match.func, ATTRIBUTE, False)
    return is_page and isinstance(user, User) and has(user.role, Permission.ADMINISTER)
