from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.db import Error as DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from fusus_portal.ground.access import public
from fusus_portal.ground.access.limits import CannotCount, TooManyRequests, spend
from fusus_portal.ground.access.source import network_of
from registry.incidents.dispatch_format import LARGEST_BYTES
from registry.incidents.presenters import dispatch
from registry.incidents.services import deliveries
from registry.incidents.services.deliveries import Unwanted

RATE: Final = "60/m"
TYPE: Final = "application/jose"
PROBLEM: Final = "application/problem+json"
STATUS: Final = {
    "not-signed": HTTPStatus.UNAUTHORIZED,
    "malformed": HTTPStatus.BAD_REQUEST,
    "stale": HTTPStatus.BAD_REQUEST,
    "replay": HTTPStatus.CONFLICT,
}
View = Callable[[HttpRequest], JsonResponse]


def answering_machines(view: View) -> View:
    """Answer errors as a machine reads them (RFC 9457), and fail closed."""

    @wraps(view)
    def answered(request: HttpRequest) -> JsonResponse:
        try:
            spend("dispatch", RATE, network_of(request))
            return view(request)
        except TooManyRequests:
            sentence = "Too many deliveries in a minute. Put several incidents into one, and wait a minute."
            return problem(HTTPStatus.TOO_MANY_REQUESTS, "too-often", sentence, wait=60)
        except (CannotCount, DatabaseError):
            sentence = "The portal can't keep its log or its counts right now. Send the same delivery again later."
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", sentence, wait=60)

    return answered


@csrf_exempt  # no cookie gives a right here: the signature does
@public
@answering_machines
def incidents(request: HttpRequest) -> JsonResponse:
    """Take a signed delivery (docs/dispatch.md). 200 with the result of each incident; 422 if none could be taken."""
    if request.method != "POST":
        response = problem(HTTPStatus.METHOD_NOT_ALLOWED, "wrong-method", "Deliver with POST.")
        response["Allow"] = "POST"
        return response
    if request.content_type != TYPE:
        return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong-type", f"Send Content-Type: {TYPE}.")
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BYTES:
        sentence = f"A delivery has at most {LARGEST_BYTES} bytes. Send fewer incidents at a time."
        return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", sentence)
    try:
        _delivery, results = deliveries.take(token=request.body.decode("ascii", "replace").strip())
    except Unwanted as unwanted:
        deliveries.refuse(unwanted=unwanted)
        return problem(STATUS[unwanted.code], unwanted.code, unwanted.sentence)
    told = [dispatch.told(result) for result in results]
    if dispatch.nothing_taken(results):
        sentence = "No incident of this delivery could be taken. Correct what each one says, and send it anew."
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "nothing-taken", sentence, incidents=told)
    return JsonResponse({"incidents": told})


def problem(status: HTTPStatus, code: str, detail: str, *, wait: int = 0, **more: Any) -> JsonResponse:
    """Return a problem as RFC 9457 writes it. detail: what to do. wait: seconds to stay away for."""
    body = {"type": f"urn:fusus-portal:dispatch:{code}", "title": status.phrase, "status": status, "detail": detail}
    response = JsonResponse({**body, **more}, status=status, content_type=PROBLEM)
    if wait:
        response["Retry-After"] = str(wait)
    return response
