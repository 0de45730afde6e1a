"""Files in forms: read only for a view that takes such a file, from a person who may send it; most into memory."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Final, TypeVar

from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler
from django.forms import BaseForm
from django.http import HttpRequest

from fusus_portal.ground.pictures import LARGEST_BYTES, too_large

REFUSAL: Final = "held_files.refusal"
FIELDS_BESIDE: Final = 1024**2
"""Most bytes of a form besides its file."""

View = TypeVar("View", bound=Callable[..., Any])


def refusal(request: HttpRequest) -> str:
    """Return the reason that the file sent with a request was not read, or ""."""
    return str(request.META.get(REFUSAL, ""))


class FileOfForm(FileUploadHandler, ABC):
    """Upload handler of one kind of file. mark: attribute of views that take it. largest: bytes."""

    mark: ClassVar[str]
    largest: ClassVar[int]
    activated = False

    @classmethod
    def taken_by(cls, view: View) -> View:
        setattr(view, cls.mark, True)
        return view

    @abstractmethod
    def is_sender(self, user: Any) -> bool:
        """True if this person may send such a file."""

    @abstractmethod
    def too_large(self) -> str:
        """Return the sentence for a file that is too large."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *_more: Any, **_named: Any) -> None:  # noqa: N803
        # Django reads a form with its files before the view runs, so the size is limited before the first byte.
        request, self.activated = self.request, False
        if request is None or not self._is_wanted(request):
            return
        if content_length > self.largest + FIELDS_BESIDE:
            request.META[REFUSAL] = self.too_large()
        else:
            self.activated = True

    def _is_wanted(self, request: HttpRequest) -> bool:
        match = request.resolver_match
        return match is not None and getattr(match.func, self.mark, False) and self.is_sender(request.user)


class HeldFile(FileOfForm, MemoryFileUploadHandler):
    """Holds the file in memory, whatever its size."""


def posted(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def say_refusal(form: BaseForm, field: str, request: HttpRequest) -> None:
    if reason := refusal(request):
        form.errors.pop(field, None)
        form.add_error(field, reason)


class PictureOfForm(HeldFile):
    """A picture of at most LARGEST_BYTES, from anybody signed in."""

    mark = "takes_picture"
    largest = LARGEST_BYTES

    def is_sender(self, user: Any) -> bool:
        return bool(user.is_authenticated)

    def too_large(self) -> str:
        return too_large()


takes_picture = PictureOfForm.taken_by
