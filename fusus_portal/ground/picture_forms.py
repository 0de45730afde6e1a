"""Pictures that come with a plain form. Anybody who is signed in may send one to a page that takes it."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.forms import BaseForm
from django.http import HttpRequest

from fusus_portal.ground.held_files import HeldFile, refusal
from fusus_portal.ground.pictures import LARGEST_BYTES, too_large

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE: Final = "takes_picture"


def takes_picture(view: View) -> View:
    """Mark a view whose form may bring one picture of at most LARGEST_BYTES."""
    setattr(view, ATTRIBUTE, True)
    return view


def posted(request: HttpRequest) -> tuple[Any, ...]:
    """Return what a form with a file is bound to: nothing before it is sent."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def say_refusal(form: BaseForm, field: str, request: HttpRequest) -> None:
    """Say on its field that the picture was not read, and not that none came."""
    if reason := refusal(request):
        form.errors.pop(field, None)
        form.add_error(field, reason)


class PictureOfForm(HeldFile):
    """Holds a picture."""

    mark = ATTRIBUTE
    largest = LARGEST_BYTES

    def is_sender(self, user: Any) -> bool:
        """Return whether somebody is signed in."""
        return bool(user.is_authenticated)

    def too_large(self) -> str:
        """Return what a person reads whose picture is too large."""
        return too_large()
