"""A form in two steps: filled in, then looked at, and only then saved. All three are one address and need no script."""

from collections.abc import Callable
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest

FIELD = "step"


class Step(StrEnum):
    """What a request wants of such a form."""

    FILL_IN = "fill-in"
    LOOK = "look"
    SAVE = "save"


def step_of(request: HttpRequest, form: BaseForm) -> Step:
    """Return what to do now. A form with errors, and one that the person goes back to, is filled in."""
    if request.method != "POST" or not form.is_valid():
        return Step.FILL_IN
    wanted = request.POST.get(FIELD)
    if wanted == Step.SAVE:
        return Step.SAVE
    return Step.FILL_IN if wanted == Step.FILL_IN else Step.LOOK


def saved(form: BaseForm, act: Callable[[], object]) -> bool:
    """Carry out the act that a form is for; return whether it was done. What the act refuses is said in the form."""
    try:
        act()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
