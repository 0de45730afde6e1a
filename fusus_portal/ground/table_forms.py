"""A table that comes with a plain form: held in memory, for pages that say they take one, and nowhere else.

Django reads a form with its files before the view is asked. So the size is bounded before the first byte, and only
an administrator who is signed in is listened to.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any, Final, TypeVar

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User

# --- An agency's former registry, and copies of this one (defaults of the portal) ---
LARGEST_TABLE = 50 * 10**6

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE: Final = "takes_table"
REFUSAL = "tables.refusal"
FIELDS_BESIDE = 1024**2
"""Bytes that a form may have besides its file."""


def takes_table(view: View) -> View:
    """Mark a view whose form may bring one table of at most IMPORT_BYTES."""
    setattr(view, ATTRIBUTE, True)
    return view


def refusal(request: HttpRequest) -> str:
    """Return why the table of this request was not read, or ""."""
    return str(request.META.get(REFUSAL, ""))


class TableOfForm(FileUploadHandler):
    """Django's upload handler of tables; whatever it does not take goes to the next one."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *_more: Any, **_named: Any) -> None:  # noqa: N803
        """Decide before the first byte whether a table is wanted, and whether it is small enough."""
        self.wanted = is_wanted(self.request)
        if self.wanted and content_length > LARGEST_TABLE + FIELDS_BESIDE:
            self.wanted = False
            if self.request is not None:
                limit = {"limit": filesizeformat(LARGEST_TABLE)}
                self.request.META[REFUSAL] = _("A file may have at most %(limit)s. Please split it.") % limit

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file in memory, or leave it to the next handler."""
        super().new_file(*args, **kwargs)
        if self.wanted:
            self.file = BytesIO()
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep a piece; the length of the whole was checked at the start."""
        if not self.wanted:
            return raw_data
        self.file.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        """Return the file, if it was taken."""
        if not self.wanted:
            return None
        self.file.seek(0)
        return InMemoryUploadedFile(
            file=self.file,
            field_name=self.field_name,
            name="table",
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


def is_wanted(request: HttpRequest | None) -> bool:
    """Return whether a request comes from an administrator, to a page that takes a table."""
    match = request.resolver_match if request is not None else None
    if request is None or match is None or not getattr(match.func, ATTRIBUTE, False):
        return False
    return isinstance(request.user, User) and has(request.user.role, Permission.ADMINISTER)
