"""Problems as RFC 9457 writes them, for both processes that answer."""

from http import HTTPStatus
from typing import Any, Final

PROBLEM: Final = "application/problem+json"


def problem_of(status: HTTPStatus, code: str, detail: str) -> dict[str, Any]:
    return {"type": f"urn:fusus-portal:core:{code}", "title": status.phrase, "status": status, "detail": detail}
