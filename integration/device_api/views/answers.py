"""Answers of the device API: JSON, and problems as RFC 9457 writes them. Calls that can't be counted are refused."""

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from fusus_portal.ground.access.limits import CannotCount, TooManyRequests
from fusus_portal.ground.access.source import network_of
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.serving.lanes import urgent
from integration.cores import signatures
from integration.cores.models import Core
from integration.device_api import callers, parsers
from integration.live.video.connection import LiveUnavailable

View = Callable[..., HttpResponseBase]
SIGN_IN = "Sign in with the key, or activate with a code."


class Unknown(Exception):
    """The caller is not a CORE that may call, or can't prove it. The answer says no more: it would help a guesser."""


def problem(status: HTTPStatus, code: str, detail: str, *, wait: int = 0, **more: Any) -> JsonResponse:
    """Return a problem. detail: what the device should do. wait: seconds for which it stays away."""
    body = callers.problem_of(status, code, detail)
    response = JsonResponse({**body, **more}, status=status, content_type=callers.PROBLEM)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def answering(*methods: str, rate: str = callers.CALLS, largest: int = parsers.LARGEST_BYTES) -> Callable[[View], View]:
    """Return a decorator that limits a view to these HTTP methods, counts its calls, and answers errors as problems.

    rate: calls of one token. largest: bytes of a body whose length is given; the view itself checks other bodies. The
    view is served as urgent, unless a mark above `answering` says otherwise.
    """

    def decorate(view: View) -> View:
        @csrf_exempt  # no cookie gives a right here: code, key, token and signature do
        @urgent
        @never_cache
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods:
                sentence = f"Call this with {' or '.join(methods)}."
                response = problem(HTTPStatus.METHOD_NOT_ALLOWED, "wrong-method", sentence)
                response["Allow"] = ", ".join(methods)
                return response
            try:
                callers.count_call(token_of(request), network_of(request), rate=rate)
                if int(request.META.get("CONTENT_LENGTH") or 0) > largest:
                    return too_large(largest)
                return _answered(request, lambda: view(request, *args, **kwargs))
            except TooManyRequests:
                sentence = "Too many calls in a minute. Come back when the answer to a poll says."
                return problem(HTTPStatus.TOO_MANY_REQUESTS, "too-often", sentence, wait=60)
            except (CannotCount, DatabaseError, LiveUnavailable):
                sentence = "The portal can't keep its log, its counts or its video right now. Call again later."
                return problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", sentence, wait=60)

        return answered

    return decorate


def body_of(request: HttpRequest, checks: Mapping[str, parsers.Check]) -> dict[str, Any]:
    if request.body and request.content_type != "application/json":
        raise parsers.Malformed("body", "Send Content-Type: application/json.")
    return parsers.read(parsers.object_of(request.body), checks)


def caller_of(request: HttpRequest) -> callers.Caller:
    """Return the calling CORE, by its token and its signature. Raises WrongClock, and Unknown for any other fault."""
    found = _shown(request)
    check_signed(request, found.core if found else None)
    if found is None:
        raise Unknown
    return found


def known(request: HttpRequest) -> callers.Caller:
    """Return the calling CORE, by its token alone. Raises Unknown if the token no longer works."""
    found = _shown(request)
    if found is None:
        raise Unknown
    return found


def check_signed(request: HttpRequest, core: Core | None) -> Core:
    """Return `core` if it is known and signed the call just now with its key. Raises WrongClock or Unknown."""
    what = signatures.Signed(request.method or "", request.get_full_path(), request.body)
    header, now = request.headers.get(signatures.HEADER, ""), timezone.now()
    try:
        signatures.seconds_of(header, now=now)
        if core is None or not core.key:
            raise Unknown
        signatures.check(header, what, key=core.key, now=now)
    except signatures.BadSignature as error:
        raise Unknown from error
    return core


def token_of(request: HttpRequest) -> str:
    return callers.token_in(request.headers.get("Authorization", ""))


def too_large(largest: int) -> JsonResponse:
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", f"A call has at most {largest} bytes.")


def _shown(request: HttpRequest) -> callers.Caller | None:
    return callers.caller(signatures.token_digest(token_of(request)), now=timezone.now())


def _answered(request: HttpRequest, call: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        return call()
    except parsers.Malformed as wrong:
        return problem(HTTPStatus.BAD_REQUEST, "malformed", wrong.sentence, field=wrong.field)
    except signatures.WrongClock:
        sentence = "Set the clock to server_time, in seconds of Unix, and call again."
        return problem(HTTPStatus.BAD_REQUEST, "wrong-clock", sentence, server_time=server_time())
    except Stale as stale:
        return problem(HTTPStatus.CONFLICT, "not-active", stale.sentence)
    except (Unknown, Refused) as refused:
        callers.count_stranger(network_of(request))
        sentence = refused.sentence if isinstance(refused, Refused) else SIGN_IN
        response = problem(HTTPStatus.UNAUTHORIZED, "not-known", sentence)
        response["WWW-Authenticate"] = "Bearer"
        return response


def server_time() -> int:
    return int(timezone.now().timestamp())
