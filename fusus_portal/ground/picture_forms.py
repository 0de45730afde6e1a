"""Pictures that come with a plain form: held in memory, for pages that say they take one, and nowhere else.

Django reads a form with its files before the view is asked. So the size is bounded before the first byte, and only
somebody who is signed in is listened to.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any, Final, TypeVar

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers
from django.forms import BaseForm
from django.http import HttpRequest

from fusus_portal.ground.pictures import LARGEST_BYTES, too_large

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE: Final = "takes_picture"
REFUSAL = "pictures.refusal"
FIELDS_BESIDE = 1024**2
"""Bytes that a form may have besides its picture."""


def takes_picture(view: View) -> View:
    """Mark a view whose form may bring one picture of at most LARGEST_BYTES."""
    setattr(view, ATTRIBUTE, True)
    return view


def posted(request: HttpRequest) -> tuple[Any, ...]:
    """Return what a form with a file is bound to: nothing before it is sent."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def refusal(request: HttpRequest) -> str:
    """Return why the picture of this request was not read, or ""."""
    return str(request.META.get(REFUSAL, ""))


def say_refusal(form: BaseForm, field: str, request: HttpRequest) -> None:
    """Say on its field that the picture was not read, and not that none came."""
    if reason := refusal(request):
        form.errors.pop(field, None)
        form.add_error(field, reason)


class PictureOfForm(FileUploadHandler):
    """Django's upload handler of pictures; whatever it does not take goes to the next one."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *_more: Any, **_named: Any) -> None:  # noqa: N803
        """Decide before the first byte whether a picture is wanted, and whether it is small enough."""
        self.wanted = is_wanted(self.request)
        if self.wanted and content_length > LARGEST_BYTES + FIELDS_BESIDE:
            self.wanted = False
            if self.request is not None:
                self.request.META[REFUSAL] = too_large()

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
            name=self.file_name or "",
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


def is_wanted(request: HttpRequest | None) -> bool:
    """Return whether a request comes from somebody signed in, to a page that takes a picture."""
    match = request.resolver_match if request is not None else None
    if request is None or match is None or not getattr(match.func, ATTRIBUTE, False):
        return False
    return bool(request.user.is_authenticated)
