"""Forms in two steps at one address: filled in, then reviewed, then saved. Needs no script."""

from collections.abc import Callable
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest

FIELD = "step"


class Step(StrEnum):
    FILL_IN = "fill-in"
    LOOK = "look"
    SAVE = "save"


def step_of(request: HttpRequest, form: BaseForm) -> Step:
    """Return the next step: a form with errors, or sent back, is filled in again."""
    if request.method != "POST" or not form.is_valid():
        return Step.FILL_IN
    wanted = request.POST.get(FIELD)
    if wanted == Step.SAVE:
        return Step.SAVE
    return Step.FILL_IN if wanted == Step.FILL_IN else Step.LOOK


def saved(form: BaseForm, act: Callable[[], object]) -> bool:
    try:
        act()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
