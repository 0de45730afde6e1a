from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.forms import BaseForm
from django.http import HttpRequest

from fusus_portal.ground.held_files import HeldFile, refusal
from fusus_portal.ground.pictures import LARGEST_BYTES, too_large

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE: Final = "takes_picture"


def takes_picture(view: View) -> View:
    """Mark a view whose form takes a picture of at most LARGEST_BYTES, from anybody signed in."""
    setattr(view, ATTRIBUTE, True)
    return view


def posted(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def say_refusal(form: BaseForm, field: str, request: HttpRequest) -> None:
    if reason := refusal(request):
        form.errors.pop(field, None)
        form.add_error(field, reason)


class PictureOfForm(HeldFile):
    mark = ATTRIBUTE
    largest = LARGEST_BYTES

    def is_sender(self, user: Any) -> bool:
        return bool(user.is_authenticated)

    def too_large(self) -> str:
        return too_large()
