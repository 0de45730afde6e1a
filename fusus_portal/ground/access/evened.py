"""Acts answer at even times where how long they take would tell who is still waited for, or who has an account."""

import time
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]
ATTRIBUTE: Final = "evened"


def evened(view: View) -> View:
    """Answer what changes something after a whole number of steps of EVEN_ANSWER_SECONDS.

    Ending a canvass writes to owners who had not answered; with one who declined there is nobody to write to. Those
    few milliseconds would tell the two apart (promise R4). Goes below `@requires`. A failed sign-in of the agency
    is counted in the database, and a sign-up makes rows for an address that has no account. What a limit refused,
    before anything was looked up, is answered at once: waiting there would let one sender hold the threads of all.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        begun, step = time.monotonic(), settings.EVEN_ANSWER_SECONDS
        response = view(request, *args, **kwargs)
        if step and request.method == "POST" and response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
            time.sleep((begun - time.monotonic()) % step)
        return response

    setattr(guarded, ATTRIBUTE, True)
    return guarded
