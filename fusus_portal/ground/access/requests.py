"""Methods of pages with a form, and answers at even times."""

import time
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods

from fusus_portal.ground.access.marks import FORM

require_form = require_http_methods(FORM)


View = Callable[..., HttpResponseBase]
ATTRIBUTE: Final = "evened"


def evened(view: View) -> View:
    """Answer a POST after a whole number of steps of EVEN_ANSWER_SECONDS. Goes below `@requires`.

    Ending a canvass mails owners who had not answered, but not one who declined: without even times, milliseconds would
    reveal the decline (promise R4). Likewise a failed agency sign-in and a sign-up for a new address write rows.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        begun, step = time.monotonic(), settings.EVEN_ANSWER_SECONDS
        response = view(request, *args, **kwargs)
        # A 429 is answered at once: waiting there would let one sender hold all threads.
        if step and request.method == "POST" and response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
            time.sleep((begun - time.monotonic()) % step)
        return response

    setattr(guarded, ATTRIBUTE, True)
    return guarded
